import type { Entry, StoredEvent } from "../event.js";
import type { IngestManyOptions, Preview } from "../evt.js";
import { readWith } from "../query/read.js";
import { type IngestContext, prepare } from "./ingest.js";
import { differences } from "./judge.js";
import type { Prepared, Refused } from "./prepare.js";

/** What would become of the events of one call, judged against what is stored now. Writes nothing. */
export async function previewAll(
  tenantId: string,
  raws: readonly unknown[],
  options: IngestManyOptions,
  context: IngestContext,
): Promise<readonly Preview[]> {
  const prepared = prepare(tenantId, raws, options, context);
  const identities = prepared.flatMap((each) => (each.outcome === "prepared" ? [each.record.identity] : []));
  const stored = await readWith(context, options.signal, (call) =>
    context.store.get(tenantId, identities, call),
  );
  const holders = new Map(identities.map((identity, i) => [identity, stored[i] ?? null]));
  const seen = new Map<string, Prepared>();
  return prepared.map((each) => (each.outcome === "prepared" ? foresee(each, holders, seen) : refused(each)));
}

function refused({ event, provenance, issues }: Refused): Preview {
  return { outcome: "rejected", canonical: event, provenance, issues };
}

function foresee(
  prepared: Prepared,
  holders: ReadonlyMap<string, Entry | null>,
  seen: Map<string, Prepared>,
): Preview {
  const { record, identity, event: canonical, provenance } = prepared;
  const about = {
    identifiedBy: record.identifiedBy,
    identity: record.identity,
    identityJson: identity.identityJson,
  };
  const holder = standing(holders.get(record.identity) ?? null, prepared);
  const twin = seen.get(record.identity);
  const fingerprint = holder?.fingerprint ?? twin?.record.fingerprint;
  if (fingerprint === undefined) {
    seen.set(record.identity, prepared);
    return { outcome: "processed", ...about, id: record.id, canonical, provenance, event: null, issues: [] };
  }
  const id = holder?.id ?? twin?.record.id ?? record.id;
  const outcome = fingerprint === record.fingerprint ? "duplicate" : "conflict";
  const issues = outcome === "conflict" ? differences(prepared, holder) : [];
  return { outcome, ...about, id, canonical, provenance, event: holder, issues };
}

/** The stored event whose claim this one would meet: none where the claim will have lapsed. */
function standing(entry: Entry | null, { record }: Prepared): StoredEvent | null {
  if (entry?.status !== "processed") return null;
  if (record.lapsesAt === null) return entry;
  const windowMs = Date.parse(record.lapsesAt) - Date.parse(record.receivedAt);
  return Date.parse(entry.receivedAt) + windowMs > Date.parse(record.receivedAt) ? entry : null;
}
