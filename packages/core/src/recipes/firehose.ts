import type { Mapping } from "../normalize/mapping.js";
import { arrayIn, fromBase64, fromJson, member } from "./decode.js";

/**
 * Amazon Data Firehose over HTTP: each record is JSON in Base64. `requestId` does not change when Firehose sends a
 * request again, so it is the batch key. The request's timestamp is not read, because it is not the time of an event.
 */
export const firehose: Mapping = {
  unwrap: (raw) => arrayIn(raw, "records").map((record) => fromJson(fromBase64(member(record, "data")))),
  fields: {
    timestamp: ["time", "date", "created_at", "occurred_at", "ts"],
    idempotencyKey: ["idempotencyKey", "eventId", "event_id", "requestId"],
  },
};
