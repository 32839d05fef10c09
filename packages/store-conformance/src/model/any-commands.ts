import * as fc from "fast-check";
import { WINDOW_MS } from "../samples.js";
import type { Command, Filter, Letter, Sent } from "./command.js";
import { microseconds } from "./microseconds.js";

const TIMES = [
  "2026-03-01T11:59:59.999999Z",
  "2026-03-01T12:00:00.000Z",
  "2026-03-01T12:00:00.000001Z",
  "2026-03-01T12:07:30.500Z",
  "2026-03-01T12:07:30.500100Z",
  "2026-03-01T12:14:59.999999Z",
  "2026-03-01T12:15:00.000Z",
  "2026-03-01T12:37:00.000Z",
] as const;

const AMOUNTS = [
  "1",
  "-1",
  "0.1",
  "10",
  "9",
  "0.000000000000000001",
  "99999999999999999999999999999999999999",
] as const;

const tenant = fc.nat({ max: 1 });
const clientId = fc.constantFrom("a", "A", "a,b");
const metric = fc.constantFrom("m", "b,m");
const time = fc.constantFrom(...TIMES);

const sentParts = {
  tenant,
  identity: fc.nat({ max: 3 }),
  clientId,
  metric,
  amount: fc.constantFrom(...AMOUNTS),
  timestamp: time,
  keepsRaw: fc.boolean(),
  skewMs: fc.constantFrom(0, 0, 0, 1, -1, -60_000),
};

const sent: fc.Arbitrary<Sent> = fc.record(sentParts);

const letter: fc.Arbitrary<Letter> = fc.record({
  ...sentParts,
  status: fc.constantFrom("failed", "failed", "rejected", "conflict"),
  readable: fc.boolean(),
  message: fc.constantFrom("the connection was lost", "too many connections"),
});

const filter: fc.Arbitrary<Filter> = fc
  .record(
    {
      tenant,
      clientId,
      metric,
      ends: fc.uniqueArray(time, { minLength: 2, maxLength: 2 }),
      open: fc.constantFrom("from", "to", "none"),
      limit: fc.constantFrom(1, 2, 3, 100, 100),
    },
    { requiredKeys: ["tenant", "limit"] },
  )
  .map(({ ends = [], open, ...rest }) => {
    const [from, to] = inTimeOrder(ends);
    return {
      ...rest,
      ...(from === undefined || open === "from" ? {} : { from }),
      ...(to === undefined || open === "to" ? {} : { to }),
    };
  });

const statuses = fc.oneof(
  fc.constant(["processed", "rejected", "conflict", "failed"] as const),
  fc.subarray(["processed", "rejected", "conflict", "failed"] as const, { minLength: 1 }),
);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("insert"), events: fc.array(sent, { maxLength: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("resend"),
      call: fc.nat({ max: 9 }),
      retry: fc.boolean(),
      order: fc.constantFrom("same", "reversed", "split"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("wait"),
      ms: fc.constantFrom(1, 60_000, WINDOW_MS - 1, WINDOW_MS),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("park"), letters: fc.array(letter, { maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("get") }) },
  {
    weight: 3,
    arbitrary: fc.record(
      { do: fc.constant("list"), filter, statuses, after: fc.nat({ max: 20 }) },
      { requiredKeys: ["do", "filter", "statuses"] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("aggregate"),
      filter,
      byClientId: fc.boolean(),
      byMetric: fc.boolean(),
      cuts: fc.uniqueArray(time, { maxLength: 3 }).map(inTimeOrder),
    }),
  },
);

/** Sequences of commands that often meet the same identities, instants and groups. */
export const anyCommands: fc.Arbitrary<Command[]> = fc.array(command, {
  minLength: 1,
  maxLength: 24,
  size: "max",
});

function inTimeOrder(times: readonly string[]): string[] {
  return [...times].sort((left, right) => (microseconds(left) < microseconds(right) ? -1 : 1));
}
