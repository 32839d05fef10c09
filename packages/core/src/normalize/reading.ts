import type { CanonicalEvent, Provenance } from "../event.js";
import type { Field, Issue } from "../issue.js";
import type { Problem } from "../problem.js";
import type { Boxes, RawObject } from "./field-lookup.js";
import type { NormalizeContext } from "./normalized.js";

/** One event being read. Every member has a value from the start: a thousand of them look alike to the machine. */
export class Reading {
  readonly raw: RawObject;
  readonly boxes: Boxes;
  readonly context: NormalizeContext;
  /** The canonical texts; `""` where one could not be read: none of them is ever empty. */
  clientId = "";
  metric = "";
  amount = "";
  timestamp = "";
  idempotencyKey = "";
  /** Where they came from. */
  clientIdFrom = "";
  metricFrom = "";
  amountFrom = "";
  timestampFrom = "";
  idempotencyKeyFrom = "";
  issues: Issue[] | null = null;

  constructor(raw: RawObject, boxes: Boxes, context: NormalizeContext) {
    this.raw = raw;
    this.boxes = boxes;
    this.context = context;
  }

  /** Takes what a parser made of a field's value: its text, or what is wrong with it. */
  take(field: Field, from: string, value: string | Problem): void {
    if (typeof value !== "string") {
      const path = from === "caller" || from === "default" ? "" : from;
      return this.refuse({ code: value.code, path, message: value.message });
    }
    switch (field) {
      case "clientId":
        this.clientId = value;
        this.clientIdFrom = from;
        return;
      case "metric":
        this.metric = value;
        this.metricFrom = from;
        return;
      case "amount":
        this.amount = value;
        this.amountFrom = from;
        return;
      case "timestamp":
        this.timestamp = value;
        this.timestampFrom = from;
        return;
      case "idempotencyKey":
        this.idempotencyKey = value;
        this.idempotencyKeyFrom = from;
    }
  }

  refuse(issue: Issue): void {
    this.issues ??= [];
    this.issues.push(issue);
  }

  /** Of an event of which every field was read. */
  event(): CanonicalEvent {
    const { clientId, metric, amount, timestamp, idempotencyKey } = this;
    return { clientId, metric, amount, timestamp, idempotencyKey: idempotencyKey || null };
  }

  /** What could be read all the same. A key that is not there is read as none; one that is wrong is not read. */
  readable(keyIsWrong: boolean): Partial<CanonicalEvent> {
    const { clientId, metric, amount, timestamp, idempotencyKey } = this;
    return {
      ...(clientId && { clientId }),
      ...(metric && { metric }),
      ...(amount && { amount }),
      ...(timestamp && { timestamp }),
      ...(!keyIsWrong && { idempotencyKey: idempotencyKey || null }),
    };
  }

  /** Whether the fields came from just there. */
  isFrom({
    clientId = "",
    metric = "",
    amount = "",
    timestamp = "",
    idempotencyKey = "",
  }: Provenance): boolean {
    return (
      clientId === this.clientIdFrom &&
      metric === this.metricFrom &&
      amount === this.amountFrom &&
      timestamp === this.timestampFrom &&
      idempotencyKey === this.idempotencyKeyFrom
    );
  }

  provenance(): Provenance {
    const { clientIdFrom, metricFrom, amountFrom, timestampFrom, idempotencyKeyFrom } = this;
    return Object.freeze({
      ...(clientIdFrom && { clientId: clientIdFrom }),
      ...(metricFrom && { metric: metricFrom }),
      ...(amountFrom && { amount: amountFrom }),
      ...(timestampFrom && { timestamp: timestampFrom }),
      ...(idempotencyKeyFrom && { idempotencyKey: idempotencyKeyFrom }),
    });
  }
}
