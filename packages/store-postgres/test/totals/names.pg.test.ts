import type { NameQuery, SeenName } from "@evt/core/store";
import { recount } from "@evt/store-postgres";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { eachNameQuery, namesQuery } from "../../src/totals/names-query.js";
import { createFixture, type Fixture, fixture } from "../fixture.js";
import { done } from "../plan.js";
import { insert, patient, recordOf, recordsOf, TENANT } from "../records.js";
import { folded } from "./folded.js";

let made: Fixture;
beforeAll(async () => {
  made = await createFixture({ foldEvery: 0 });
});
afterAll(() => made.dispose());

interface Sent {
  readonly clientId: string;
  readonly metric: string;
  readonly timestamp: string;
}

const QUARTER_MS = 900_000;
const NAMES = ["a", "A", "ab", "a b", "é", "\ue000", "😀"];
const name = fc.constantFrom(...NAMES);
// the ends of days and quarter hours, in three months
const timestamp = fc
  .tuple(
    fc.constantFrom("1969-12-31", "2026-01-31", "2026-02-01", "2026-02-02"),
    fc.constantFrom(
      "00:00:00.000Z",
      "00:14:59.999999Z",
      "00:15:00.000Z",
      "23:44:59.999Z",
      "23:59:59.999999Z",
    ),
  )
  .map(([day, time]) => `${day}T${time}`);
const sent: fc.Arbitrary<Sent> = fc.record({ clientId: name, metric: name, timestamp });
const query = fc.record(
  {
    of: fc.constantFrom("clientId", "metric"),
    clientId: name,
    prefix: fc.constantFrom("a", "ab", "\ue000", "x"),
    limit: fc.constantFrom(1, 2, 100),
  },
  { requiredKeys: ["of", "limit"] },
) as fc.Arbitrary<Omit<NameQuery, "tenantId">>;

it("pages of any size have the distinct names of any events with their first and last quarter hours, folded or not", async () => {
  let run = 0;
  const property = fc.asyncProperty(
    fc.array(sent, { maxLength: 20, size: "max" }),
    fc.array(query, { minLength: 4, maxLength: 8 }),
    fc.constantFrom("nothing", "half", "all"),
    async (events, queries, fold) => {
      const tenantId = `run ${++run}`;
      const records = events.map((event) => recordOf({ ...event, tenantId }));
      const half = Math.ceil(records.length / 2);
      await insert(made.store, records.slice(0, half));
      if (fold !== "nothing") await folded(made);
      await insert(made.store, records.slice(half));
      if (fold === "all") await folded(made);
      for (const asked of queries)
        expect(await walk(made, { tenantId, ...asked })).toEqual(expected(events, asked));
    },
  );
  await fc.assert(property, { numRuns: depth(30, 150) });
});

async function walk({ store }: Fixture, asked: NameQuery): Promise<SeenName[]> {
  const walked: SeenName[] = [];
  for (;;) {
    const last = walked.at(-1);
    const page = await store.names({ ...asked, ...(last && { after: last.name }) }, patient());
    walked.push(...page);
    if (page.length < asked.limit) return walked;
  }
}

function expected(
  events: readonly Sent[],
  { of, clientId, prefix = "" }: Pick<NameQuery, "of" | "clientId" | "prefix">,
): SeenName[] {
  const own = events.filter((event) => clientId === undefined || event.clientId === clientId);
  return [...new Set(own.map((event) => event[of]))]
    .filter((each) => each.startsWith(prefix))
    .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
    .map((each) => {
      const quarters = own.filter((event) => event[of] === each).map((event) => quarterOf(event.timestamp));
      quarters.sort();
      return { name: each, firstSeenAt: quarters.at(0) ?? "", lastSeenAt: quarters.at(-1) ?? "" };
    });
}

function quarterOf(timestamp: string): string {
  return new Date(Math.floor(Date.parse(timestamp) / QUARTER_MS) * QUARTER_MS).toISOString();
}

async function clientsOf({ store }: Fixture): Promise<string[]> {
  const names = await store.names({ tenantId: TENANT, of: "clientId", limit: 100 }, patient());
  return names.map(({ name: client }) => client);
}

describe("the names of a tenant", () => {
  it("are complete after a process that does not fill them has folded", async () => {
    const own = await fixture({ foldEvery: 0 });
    await own.admin.query(`
      insert into ${own.schema}.day_total (tenant_id, per, day, quarter, client_id, metric, count, sum)
      values ('acme', 's', '2026-02-01', 3, 'b', 'm', 1, 1), ('acme', 'm', '2026-02-01', 3, '', 'm', 1, 1), ('acme', 'a', '2026-02-01', 3, '', '', 1, 1)`);
    const [first] = await own.store.names({ tenantId: TENANT, of: "clientId", limit: 1 }, patient());
    const at = "2026-02-01T00:45:00.000Z";
    expect(first).toEqual({ name: "b", firstSeenAt: at, lastSeenAt: at });
  });

  it("follow a repair of the totals: added totals have their names, and names without totals are left out", async () => {
    const own = await fixture({ foldEvery: 0 });
    const timestamp = "2026-02-01T12:00:00.000Z";
    await insert(
      own.store,
      ["a", "b", "c"].map((clientId) => recordOf({ clientId, timestamp })),
    );
    await folded(own);
    await own.admin.query(`delete from ${own.schema}.day_total where client_id = 'a'`);
    await own.admin.query(`delete from ${own.schema}.seen_name where name = 'a'`);
    await own.admin.query(`delete from ${own.schema}.event where client_id = 'b'`);
    expect(await clientsOf(own)).toEqual(["b", "c"]);
    const { repaired } = await recount(own.admin, {
      schema: own.schema,
      from: "2026-02-01",
      to: "2026-02-01",
      repair: true,
    });
    expect(repaired).toBe(true);
    expect(await clientsOf(own)).toEqual(["a", "c"]);
    const page = { tenantId: TENANT, of: "clientId", limit: 2 } as const;
    expect((await own.store.names(page, patient())).map(({ name: client }) => client)).toEqual(["a", "c"]);
  });
});

describe("a page of the names of many clients", () => {
  const DAYS = 60;
  const CLIENTS = 5_000;
  let many: Fixture;
  beforeAll(async () => {
    many = await createFixture({ foldEvery: 0 });
    const columns = "tenant_id, per, day, quarter, client_id, metric, count, sum";
    await many.admin.query(`
      insert into ${many.schema}.day_total (${columns})
      select tenant, 's', date '2026-01-01' + (n / 3 + day * 30) % ${DAYS}, n % 96, 'client ' || n, 'metric ' || n % 5, 1, 1
        from generate_series(1, ${CLIENTS}) as n, generate_series(0, 1) as day, unnest('{acme,globex}'::text[]) as tenant`);
    for (const [per, metric] of [
      ["m", "metric"],
      ["a", "''"],
    ])
      await many.admin.query(`
        insert into ${many.schema}.day_total (${columns})
        select distinct tenant_id, '${per}'::"char", day, 1, '', ${metric}, 1, 1 from ${many.schema}.day_total where per = 's'`);
    await insert(many.store, recordsOf(50));
  });
  afterAll(() => many.dispose());

  const read = (asked: Omit<NameQuery, "tenantId">) =>
    done(many.admin, namesQuery(`"${many.schema}"`, { tenantId: TENANT, ...asked }));

  it.each([
    ["the first clients", { of: "clientId", limit: 101 }],
    ["the clients after a name", { of: "clientId", limit: 101, after: "client 4" }],
    ["the clients with a prefix", { of: "clientId", limit: 101, prefix: "client 42" }],
    ["one client", { of: "clientId", limit: 101, clientId: "client 42" }],
    ["the metrics", { of: "metric", limit: 101 }],
    ["the metrics of a client", { of: "metric", limit: 101, clientId: "client 42" }],
  ] as const)("reads indexes and no events: %s", async (_, asked) => {
    for (const analyzed of [false, true]) {
      if (analyzed)
        await many.admin.query(`vacuum analyze ${many.schema}.day_total, ${many.schema}.seen_name`);
      const { touched, scanned, read: rows } = await read(asked);
      expect(touched.filter((table) => !["day_total", "seen_name", "tally"].includes(table))).toEqual([]);
      expect(scanned.filter((table) => table !== "tally")).toEqual([]);
      // each day once, and the rows of each name
      expect(rows).toBeLessThan(101 * 10 + 10 * DAYS + 1_000);
    }
  });

  it.each([{}, { after: "client 4" }, { prefix: "client 42" }, { prefix: "client 4242" }])(
    "is the same if each name is searched separately: %j",
    async (asked) => {
      for (const of of ["clientId", "metric"] as const) {
        const query = { tenantId: TENANT, of, limit: 101, ...asked };
        const [page, each] = await Promise.all(
          [namesQuery, eachNameQuery].map((text) => many.admin.query(text(`"${many.schema}"`, query))),
        );
        expect(page?.rows).toEqual(each?.rows);
      }
    },
  );
});
