import { EvtError, type InsertOutcome, isEvtError } from "@evt/core/store";
import { altered } from "../able-store.js";
import { aMoment, type BrokenStore, isTaken, key, sending, showing, withOutcomes } from "./broken-store.js";

/** Stores that break S1, S2, S3, S4 or S7. */
export const brokenClaims: readonly BrokenStore[] = [
  {
    how: "inserts the records of a call one by one",
    fails: ["S1"],
    broken: (store) =>
      altered(store, {
        insert: async (records, call) => {
          if (new Set(records.map(key)).size < records.length) return store.insert(records, call);
          const outcomes: InsertOutcome[] = [];
          for (const record of records) {
            outcomes.push(...(await store.insert([record], call)));
            await aMoment();
          }
          return outcomes;
        },
      }),
  },
  {
    how: "stores the records before a refused one",
    fails: ["S1"],
    broken: (store) =>
      altered(store, {
        insert: async (records, call) => {
          try {
            return await store.insert(records, call);
          } catch (error) {
            if (!isEvtError(error, "EVT_RECORD_REFUSED")) throw error;
            await store.insert(
              records.slice(
                0,
                records.findIndex(({ metric }) => metric === "poison"),
              ),
              call,
            );
            throw error;
          }
        },
      }),
  },
  {
    how: "stores half of an aborted call",
    fails: ["S1", "call"],
    broken: (store) =>
      altered(store, {
        insert: async (records, call) => {
          if (!call.signal.aborted) return store.insert(records, call);
          const half = records.slice(0, Math.ceil(records.length / 2));
          await store.insert(half, { signal: new AbortController().signal });
          throw new EvtError("EVT_STORE_UNAVAILABLE", "given up");
        },
      }),
  },
  {
    how: "looks first and inserts afterwards",
    fails: ["S2", "S7"],
    broken: (store) => {
      const looking = new Set<string>();
      return altered(store, {
        insert: async (records, call) => {
          // a call that looks between another call's look and insert finds nothing, so it inserts too
          const sent = records.map((record) => {
            const hidden = record.receiptId.repeat(2);
            return looking.has(key(record)) ? { ...record, identity: hidden, id: hidden } : record;
          });
          for (const record of records) looking.add(key(record));
          await aMoment();
          for (const record of records) looking.delete(key(record));
          return store.insert(sent, call);
        },
      });
    },
  },
  {
    how: "overwrites the event of a taken identity",
    fails: ["S2", "model"],
    broken: (store) => {
      const latest = new Map<string, string>();
      const noting = withOutcomes(store, (outcome, record) => {
        latest.set(record.id, record.metric);
        return outcome;
      });
      return showing(noting, (entry) =>
        entry.status === "processed" ? { ...entry, metric: latest.get(entry.id) ?? entry.metric } : entry,
      );
    },
  },
  {
    how: "returns outcomes in the order of identities",
    fails: ["S3", "model"],
    broken: (store) =>
      altered(store, {
        insert: (records, call) =>
          store.insert(
            [...records].sort((left, right) => (left.identity < right.identity ? -1 : 1)),
            call,
          ),
      }),
  },
  {
    how: "reports twins in a call as inserted",
    fails: ["S3", "S4", "S13", "model"],
    broken: (store) =>
      altered(store, {
        insert: async (records, call) => {
          const outcomes = await store.insert(records, call);
          const won = new Set(records.filter((_, index) => outcomes[index]?.outcome === "inserted").map(key));
          return outcomes.map((outcome, index) => {
            const record = records[index];
            return record !== undefined && won.has(key(record)) ? { outcome: "inserted" } : outcome;
          });
        },
      }),
  },
  {
    how: "lets the last twin in a call decide",
    fails: ["S3", "S4", "S13", "model"],
    broken: (store) =>
      altered(store, {
        insert: async (records, call) => [...(await store.insert([...records].reverse(), call))].reverse(),
      }),
  },
  {
    how: "parses and prints raw events",
    fails: ["S4", "S9"],
    broken: (store) =>
      showing(store, (entry) => ({
        ...entry,
        rawJson: entry.rawJson === null ? null : JSON.stringify(JSON.parse(entry.rawJson)),
      })),
  },
  {
    how: "returns the new receipt id for a taken identity",
    fails: ["S4", "model", "S17"],
    broken: (store) =>
      withOutcomes(store, (outcome, { receiptId }) =>
        isTaken(outcome) ? { ...outcome, claim: { ...outcome.claim, receiptId } } : outcome,
      ),
  },
  {
    how: "returns the new fingerprint for a taken identity",
    fails: ["S4", "model"],
    broken: (store) =>
      withOutcomes(store, (outcome, { fingerprint }) =>
        isTaken(outcome) ? { ...outcome, claim: { ...outcome.claim, fingerprint } } : outcome,
      ),
  },
  {
    how: "returns the new event if the same content is sent again",
    fails: ["S4", "model"],
    broken: (store) =>
      withOutcomes(store, (outcome, { fingerprint, timestamp, rawJson }) => {
        if (!isTaken(outcome) || outcome.event === null || outcome.claim.fingerprint !== fingerprint)
          return outcome;
        return { ...outcome, event: { ...outcome.event, timestamp, rawJson } };
      }),
  },
  {
    how: "does not return the event that holds an identity",
    fails: ["S4", "model", "S17"],
    broken: (store) =>
      withOutcomes(store, (outcome) => (isTaken(outcome) ? { ...outcome, event: null } : outcome)),
  },
  {
    how: "forgets the claims of pruned events",
    fails: ["S4"],
    broken: (store) =>
      withOutcomes(store, (outcome) =>
        isTaken(outcome) && outcome.event === null ? { outcome: "inserted" } : outcome,
      ),
  },
  {
    how: "truncates microseconds",
    fails: ["S4", "S10", "S11", "model"],
    broken: (store) =>
      sending(store, (record) => ({ ...record, timestamp: `${record.timestamp.slice(0, 23)}Z` })),
  },
  {
    how: "normalizes characters to NFC",
    fails: ["S4", "S10", "S11", "S20", "S23"],
    broken: (store) =>
      sending(store, (record) => ({ ...record, clientId: record.clientId.normalize("NFC") })),
  },
  {
    how: "frees a claim a millisecond late",
    fails: ["S7", "S9", "S15", "model"],
    broken: (store) =>
      sending(store, (record) => {
        const { lapsesAt } = record;
        return { ...record, lapsesAt: lapsesAt && new Date(Date.parse(lapsesAt) + 1).toISOString() };
      }),
  },
  {
    how: "frees a claim a millisecond early",
    fails: ["S7", "S9", "S15", "model"],
    broken: (store) =>
      sending(store, (record) => {
        const { lapsesAt } = record;
        return { ...record, lapsesAt: lapsesAt && new Date(Date.parse(lapsesAt) - 1).toISOString() };
      }),
  },
  {
    how: "prolongs a claim with each resend",
    fails: ["S7", "model"],
    broken: (store) => {
      const until = new Map<string, string>();
      return sending(store, (record) => {
        if (record.lapsesAt === null) return record;
        const isEarly = record.receivedAt < (until.get(key(record)) ?? "");
        until.set(key(record), record.lapsesAt);
        return isEarly ? { ...record, receivedAt: "2000-01-01T00:00:00.000Z" } : record;
      });
    },
  },
];
