import { MOST_ATTEMPTS, type Replay, type ReplayOutcome } from "@evt/core/store";
import type { ReplayMethods } from "../able-store.js";
import type { BrokenStore } from "./broken-store.js";

const broken: BrokenStore["broken"] = (store) => store;

/** Returns `replay` with changed outcomes. */
function outcomes(
  { replay }: ReplayMethods,
  changed: (outcome: ReplayOutcome, replay: Replay) => ReplayOutcome,
): Partial<ReplayMethods> {
  return {
    replay: async (replays, call) =>
      (await replay(replays, call)).map((outcome, i) => changed(outcome, replays[i] as Replay)),
  };
}

export const brokenReplays: readonly BrokenStore[] = [
  {
    how: "groups parked events by status alone",
    fails: ["S16"],
    broken,
    brokenReplay: ({ reasons }) => ({
      reasons: async (query, call) =>
        (await reasons(query, call)).map((group) => ({ ...group, reasons: group.reasons.slice(0, 1) })),
    }),
  },
  {
    how: "counts groups without the filters by client, metric and time",
    fails: ["S16"],
    broken,
    brokenReplay: ({ reasons }) => ({
      reasons: ({ tenantId, statuses, limit }, call) => reasons({ tenantId, statuses, limit }, call),
    }),
  },
  {
    how: "counts groups without the filters by unit and dimensions",
    fails: ["S16"],
    broken,
    brokenReplay: ({ reasons }) => ({
      reasons: ({ unit: _, dimensions: __, ...query }, call) => reasons(query, call),
    }),
  },
  {
    how: "counts reasons for a bound caller as for the whole tenant",
    fails: ["S16"],
    broken,
    brokenReplay: ({ reasons }) => ({
      reasons: ({ visibleTo: _, ...query }, call) => reasons(query, call),
    }),
  },
  {
    how: "counts a replay and does not resolve the parked event",
    fails: ["S17"],
    broken,
    brokenReplay: ({ replay }) => {
      const done = new Set<string>();
      return {
        replay: async (replays, call) => {
          const again = replays.filter(({ parkedId }) => done.has(parkedId));
          for (const { parkedId } of replays) done.add(parkedId);
          const results = await replay(replays, call);
          return results.map((result, i) =>
            result.outcome === "settled" && again.includes(replays[i] as Replay)
              ? { outcome: "inserted" }
              : result,
          );
        },
      };
    },
  },
  {
    how: "does not name the attempt that resolved the parked event",
    fails: ["S17", "S18"],
    broken,
    brokenReplay: (methods) =>
      outcomes(methods, (outcome) =>
        outcome.outcome === "settled" ? { outcome: "settled", attempt: null } : outcome,
      ),
  },
  {
    how: "reports an unknown event as resolved",
    fails: ["S17"],
    broken,
    brokenReplay: (methods) =>
      outcomes(methods, (outcome) =>
        outcome.outcome === "unknown" ? { outcome: "settled", attempt: null } : outcome,
      ),
  },
  {
    how: "resolves an event whose attempt was refused",
    fails: ["S18"],
    broken,
    brokenReplay: ({ note }) => ({
      note: (tenantId, attempts, call) =>
        note(
          tenantId,
          attempts.map((attempt) => ({ ...attempt, outcome: "duplicate" })),
          call,
        ),
    }),
  },
  {
    how: "keeps only the latest attempt",
    fails: ["S18"],
    broken,
    brokenReplay: ({ history }) => ({
      history: async (tenantId, id, call) => (await history(tenantId, id, call)).slice(-1),
    }),
  },
  {
    how: "omits the attempt that counted the event from a long history",
    fails: ["S18"],
    broken,
    brokenReplay: ({ history }) => ({
      history: async (tenantId, id, call) => {
        const attempts = await history(tenantId, id, call);
        return attempts.length < MOST_ATTEMPTS ? attempts : attempts.slice(1);
      },
    }),
  },
  {
    how: "shows any tenant the history of an id",
    fails: ["S18"],
    broken,
    brokenReplay: ({ history }) => ({ history: (_, id, call) => history("tenant", id, call) }),
  },
];
