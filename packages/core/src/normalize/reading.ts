import type { CanonicalEvent, DimensionKey, Dimensions, Provenance } from "../event.js";
import type { Field, Issue } from "../issue.js";
import type { Problem } from "../problem.js";
import type { Containers, RawObject } from "./field-lookup.js";
import type { NormalizeContext } from "./normalized.js";
import type { Shape, Shapes } from "./shape.js";

/**
 * The state while one event is read. The constructor sets every member, so that V8 uses one hidden class for all
 * readings.
 */
export class Reading {
  readonly raw: RawObject;
  readonly containers: Containers;
  /** For each lookup, the aliases that the event may have. */
  readonly aliases: Shape["aliases"];
  /** For each lookup, the aliases that the container may have. `undefined` unless there is exactly one container. */
  readonly contained: Shape["aliases"] | undefined;
  readonly context: NormalizeContext;
  /** The canonical values. `""` if a field is missing or invalid, because a canonical value is never empty. */
  clientId = "";
  metric = "";
  amount = "";
  unit = "";
  timestamp = "";
  idempotencyKey = "";
  /** The provenance of each field. */
  clientIdFrom = "";
  metricFrom = "";
  amountFrom = "";
  unitFrom = "";
  timestampFrom = "";
  idempotencyKeyFrom = "";
  /** The dimensions that could be read, and their provenance. `null` if there are none. */
  dimensions: Dimensions | null = null;
  dimensionsFrom: Readonly<Record<DimensionKey, string>> | null = null;
  /** The timestamp with all of its digits. `undefined` if it has no digits beyond the microsecond. */
  exactTimestamp: string | undefined = undefined;
  issues: Issue[] | null = null;

  constructor(raw: RawObject, context: NormalizeContext, shapes: Shapes) {
    const shape = shapes.of(raw);
    this.raw = raw;
    this.context = context;
    this.containers = shapes.containersOf(raw, shape);
    this.aliases = shape.aliases;
    const only = shape.containers.length === 1 ? this.containers[shape.containers[0] as number] : undefined;
    this.contained = only && shapes.of(only).aliases;
  }

  /** Stores the result of a parser: the canonical value, or the problem. */
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
      case "unit":
        this.unit = value;
        this.unitFrom = from;
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

  /** Stores the result of a parser for a dimension. */
  takeDimension(name: string, from: string, value: string | Problem): void {
    if (typeof value !== "string") return this.refuse({ ...value, path: from });
    this.dimensions = { ...this.dimensions, [name]: value };
    this.dimensionsFrom = { ...this.dimensionsFrom, [`dimension.${name}`]: from };
  }

  refuse(issue: Issue): void {
    this.issues ??= [];
    this.issues.push(issue);
  }

  /** Returns the canonical event. Call it only if there are no issues. */
  event(): CanonicalEvent {
    const { clientId, metric, amount, unit, dimensions, timestamp, idempotencyKey } = this;
    return {
      clientId,
      metric,
      amount,
      unit: unit || null,
      dimensions,
      timestamp,
      idempotencyKey: idempotencyKey || null,
    };
  }

  /** Returns the fields that could be read. A missing key is `null`, and an invalid key is absent. */
  readable(keyIsWrong: boolean): Partial<CanonicalEvent> {
    const { clientId, metric, amount, unit, dimensions, timestamp, idempotencyKey } = this;
    return {
      ...(clientId && { clientId }),
      ...(metric && { metric }),
      ...(amount && { amount }),
      ...(unit && { unit }),
      ...(dimensions && { dimensions }),
      ...(timestamp && { timestamp }),
      ...(!keyIsWrong && { idempotencyKey: idempotencyKey || null }),
    };
  }

  /** Returns whether the fields of this event have the given provenance. */
  isFrom(provenance: Provenance, dimensions: readonly DimensionKey[]): boolean {
    const {
      clientId = "",
      metric = "",
      amount = "",
      unit = "",
      timestamp = "",
      idempotencyKey = "",
    } = provenance;
    return (
      clientId === this.clientIdFrom &&
      metric === this.metricFrom &&
      amount === this.amountFrom &&
      unit === this.unitFrom &&
      timestamp === this.timestampFrom &&
      idempotencyKey === this.idempotencyKeyFrom &&
      (dimensions.length === 0 || dimensions.every((key) => provenance[key] === this.dimensionsFrom?.[key]))
    );
  }

  provenance(): Provenance {
    const { clientIdFrom, metricFrom, amountFrom, unitFrom, timestampFrom, idempotencyKeyFrom } = this;
    return Object.freeze({
      ...(clientIdFrom && { clientId: clientIdFrom }),
      ...(metricFrom && { metric: metricFrom }),
      ...(amountFrom && { amount: amountFrom }),
      ...(unitFrom && { unit: unitFrom }),
      ...(timestampFrom && { timestamp: timestampFrom }),
      ...(idempotencyKeyFrom && { idempotencyKey: idempotencyKeyFrom }),
      ...this.dimensionsFrom,
    });
  }
}
