import * as fc from "fast-check";
import { WINDOW_MS } from "../samples.js";
import {
  type Command,
  type Content,
  type Contents,
  type DescribedParked,
  type Filter,
  IDENTITIES,
  type Sent,
} from "./command.js";
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

const STATUSES = ["processed", "rejected", "conflict", "failed"] as const;

const tenant = fc.constantFrom(0, 0, 0, 1);
const clientId = fc.constantFrom("a", "A", "a,b");
const metric = fc.constantFrom("m", "b,m");
const time = fc.constantFrom(...TIMES);

const unit = fc.constantFrom(null, null, "EUR", "eur", "USD");
const plan = fc.constantFrom("a", "b");
const dimensions = fc.constantFrom(
  null,
  null,
  { plan: "a" },
  { plan: "b" },
  { plan: "a", region: "a" },
  { region: "b" },
);

const content: fc.Arbitrary<Content> = fc.record({
  clientId,
  metric,
  amount: fc.constantFrom(...AMOUNTS),
  unit,
  dimensions,
  timestamp: time,
});

export const anyContents: fc.Arbitrary<Contents> = fc.array(fc.tuple(content, content), {
  minLength: IDENTITIES,
  maxLength: IDENTITIES,
});

const described = {
  tenant,
  identity: fc.nat({ max: IDENTITIES - 1 }),
  content: fc.constantFrom(0, 0, 0, 1),
  keepsRaw: fc.boolean(),
};

const skewMs = fc.constantFrom(0, 0, 0, 1, -1, -60_000);

const sent: fc.Arbitrary<Sent> = fc.record({ ...described, skewMs });

const parkedEvent: fc.Arbitrary<DescribedParked> = fc.record({
  ...described,
  status: fc.constantFrom("failed", "failed", "rejected", "conflict"),
  readable: fc.boolean(),
  vouchedClientId: fc.constantFrom(null, "a", "A"),
  message: fc.constantFrom("the connection was lost", "too many connections"),
});

/** Generates the properties in two of three cases. */
function often<P extends object>(parts: fc.Arbitrary<P>): fc.Arbitrary<Partial<P>> {
  return fc.oneof({ weight: 2, arbitrary: parts }, { weight: 1, arbitrary: fc.constant({}) });
}

/** Generates the properties in one of five cases, because a query with many filters rarely finds an entry. */
function seldom<P extends object>(parts: fc.Arbitrary<P>): fc.Arbitrary<Partial<P>> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: parts });
}

const range = fc.uniqueArray(time, { minLength: 2, maxLength: 2 }).chain((ends) => {
  const [from = "", to = ""] = inTimeOrder(ends);
  return fc.constantFrom({ from, to }, { from, to }, { from }, { to }, {}, {}, {});
});

const filter: fc.Arbitrary<Filter> = fc
  .tuple(
    tenant,
    fc.constantFrom(1, 2, 3, 100),
    seldom(fc.record({ clientId })),
    seldom(fc.record({ metric })),
    seldom(fc.record({ unit })),
    seldom(
      fc.record({
        dimensions: fc.record({ plan: fc.option(plan), region: plan }, { requiredKeys: ["plan"] }),
      }),
    ),
    range,
  )
  .map(([tenant, limit, ...parts]) => Object.assign({ tenant, limit }, ...parts));

const insert = fc.record({
  do: fc.constant("insert"),
  events: fc.array(sent, { maxLength: 4, size: "max" }),
});
const resend = fc.record({
  do: fc.constant("resend"),
  call: fc.nat({ max: 9 }),
  retry: fc.boolean(),
  order: fc.constantFrom("same", "reversed", "split"),
});
const wait = fc.record({ do: fc.constant("wait"), ms: fc.constantFrom(1, 60_000, WINDOW_MS - 1, WINDOW_MS) });
const park = fc.record({ do: fc.constant("park"), events: fc.array(parkedEvent, { maxLength: 3 }), skewMs });
const get = fc.record({ do: fc.constant("get") });
const holders = fc.record({
  do: fc.constant("holders"),
  events: fc.array(sent, { minLength: 1, maxLength: 4, size: "max" }),
});
const order = fc.record({
  by: fc.constantFrom("count", "sum", "min", "max", "bucket", "clientId", "metric", "dimension.plan"),
  direction: fc.constantFrom("asc", "desc"),
});
const aggregate = fc
  .tuple(
    fc.record({
      do: fc.constant("aggregate"),
      filter,
      byClientId: fc.boolean(),
      byMetric: fc.boolean(),
      cuts: fc.uniqueArray(time, { maxLength: 3 }).map(inTimeOrder),
    }),
    seldom(fc.record({ byDimensions: fc.subarray(["plan", "region"], { minLength: 1 }) })),
    often(fc.record({ order })),
    seldom(fc.record({ after: fc.nat({ max: 20 }) })),
  )
  .map(([query, ...parts]) => Object.assign({ ...query }, ...parts));
const list = fc
  .tuple(
    fc.record({
      do: fc.constant("list"),
      filter,
      statuses: fc.oneof(fc.constant(STATUSES), fc.subarray([...STATUSES], { minLength: 1 })),
    }),
    often(fc.record({ after: fc.nat({ max: 20 }) })),
    seldom(fc.record({ visibleTo: clientId })),
    seldom(fc.record({ skip: fc.nat({ max: 3 }) })),
    // a raw event of the model has about 90 characters
    seldom(fc.record({ rawChars: fc.constantFrom(0, 1, 180, 300) })),
  )
  .map(([query, ...parts]) => Object.assign({ ...query }, ...parts));

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: insert },
  { weight: 2, arbitrary: resend },
  { weight: 2, arbitrary: wait },
  { weight: 3, arbitrary: park },
  { weight: 1, arbitrary: get },
  { weight: 2, arbitrary: holders },
  { weight: 3, arbitrary: list },
  { weight: 4, arbitrary: aggregate },
);

/** Sequences of commands that often use the same identities, instants and groups. */
export const anyCommands: fc.Arbitrary<Command[]> = fc.array(command, {
  minLength: 1,
  maxLength: 40,
  size: "max",
});

function inTimeOrder(times: readonly string[]): string[] {
  return [...times].sort((left, right) => (microseconds(left) < microseconds(right) ? -1 : 1));
}
