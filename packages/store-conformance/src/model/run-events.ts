import { type EventRecord, type ParkedEvent, sha256Hex } from "@evt/core/store";
import type { Samples } from "../samples.js";
import { type Contents, type Described, type DescribedParked, WINDOWED } from "./command.js";

/** Creates the events that the commands of one run describe. */
export class RunEvents {
  readonly tenants: readonly string[];
  readonly #samples: Samples;
  readonly #contents: Contents;

  constructor(samples: Samples, contents: Contents, name: string) {
    this.#samples = samples;
    this.#contents = contents;
    this.tenants = [`${name} a`, `${name} b`];
  }

  tenant(index: number): string {
    return this.tenants[index] ?? "";
  }

  record({ tenant, identity, content, keepsRaw }: Described, receivedAt: string): EventRecord {
    const sent = this.#contents[identity]?.[content];
    const given = {
      ...sent,
      tenantId: this.tenant(tenant),
      identity: sha256Hex(`model identity ${identity}`),
      rawJson: keepsRaw ? JSON.stringify(sent) : null,
    };
    if (WINDOWED.has(identity)) return this.#samples.windowed(receivedAt, given);
    return this.#samples.record({ ...given, receivedAt });
  }

  parked(described: DescribedParked, receivedAt: string): ParkedEvent {
    const { status, readable, vouchedClientId, message } = described;
    const record = this.record(described, receivedAt);
    const issues = [{ code: "content_differs", path: "", message }] as const;
    if (!readable) return this.#samples.rejected({ ...unread(record), vouchedClientId, issues });
    if (status === "failed") {
      const error = { code: "EVT_STORE_UNAVAILABLE", message };
      return this.#samples.failure(record, { vouchedClientId, error });
    }
    const id = sha256Hex(`${status} ${record.identity} ${record.fingerprint}`);
    return this.#samples.failure(record, { status, id, vouchedClientId, error: null, issues });
  }
}

/** The fields of a rejected event in which no field can be read. */
function unread({ tenantId, receivedAt, rawJson }: EventRecord): Partial<ParkedEvent> {
  return { tenantId, receivedAt, lastAttemptAt: receivedAt, rawJson, id: sha256Hex(`rejected ${rawJson}`) };
}
