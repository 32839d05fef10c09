import { createEvt, type EventRecord, type Evt, isEvtError } from "@evt/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { counted, insert, patient, recordOf, TENANT } from "../records.js";

async function evtOver({ store }: Fixture): Promise<Evt> {
  const evt = createEvt({ store });
  onTestFinished(() => evt.close());
  return evt;
}

/** A batch with one bad event, at `position`. */
function batchWith(bad: unknown, position: number): unknown[] {
  const good = (n: number) => ({ client: "a", metric: "good", amount: 1, eventId: `${position}/${n}` });
  return Array.from({ length: 100 }, (_, n) => (n === position ? bad : good(n)));
}

describe("a record that the database refuses", () => {
  it("at any position in a batch of a hundred is parked with the reason, and ninety-nine are counted", async () => {
    const made = await fixture();
    await made.admin.query(
      `alter table ${made.schema}.event add constraint no_poison check (metric <> 'poison')`,
    );
    const evt = await evtOver(made);
    for (let position = 0; position < 100; position++) {
      const tenant = evt.tenant(`at ${position}`);
      const poison = { client: "a", metric: "poison", amount: 1, eventId: "poison" };
      const report = await tenant.ingestMany(batchWith(poison, position));
      expect(report).toMatchObject({ processed: 99, rejected: 1, failed: 0 });
      expect(report.outcomes[position]).toMatchObject({
        outcome: "rejected",
        issues: [{ code: "refused_by_store" }],
      });
    }
    const parked = await evt.tenant("at 50").list({ status: "rejected" });
    expect(parked.entries).toMatchObject([{ metric: "poison", issues: [{ code: "refused_by_store" }] }]);
    const message = parked.entries[0]?.status === "rejected" && parked.entries[0].issues[0]?.message;
    expect(message).toBe("the store cannot hold this event: postgres returned SQLSTATE 23514");
    expect(await counted(made.store, "at 50")).toBe(99);
  });

  it("is parked without the message of the trigger that refused it; the message is only in the issue's `cause`", async () => {
    const made = await fixture();
    await made.admin.query(`
      create function ${made.schema}.refuse() returns trigger language plpgsql as
        $$ begin if new.amount > 10 then raise exception 'too much: %', new.amount; end if; return new; end $$;
      create trigger refuse before insert on ${made.schema}.event for each row execute function ${made.schema}.refuse()`);
    const evt = await evtOver(made);
    const events = [9, 10, 11].map((amount) => ({ client: "a", amount, eventId: `k${amount}` }));
    const report = await evt.tenant(TENANT).ingestMany(events);
    expect(report).toMatchObject({ processed: 2, rejected: 1 });
    expect(report.outcomes[2]).toMatchObject({
      issues: [
        {
          message: "the store cannot hold this event: postgres returned SQLSTATE P0001",
          cause: { cause: { message: "too much: 11" } },
        },
      ],
    });
    const [parked] = (await evt.tenant(TENANT).list({ status: "rejected" })).entries;
    expect(JSON.stringify([parked, report])).not.toContain("too much");
  });

  it("does not claim its identity: it is processed once the database accepts it", async () => {
    const made = await fixture();
    await made.admin.query(
      `alter table ${made.schema}.event add constraint no_poison check (metric <> 'poison')`,
    );
    const acme = (await evtOver(made)).tenant(TENANT);
    const event = { client: "a", metric: "poison", amount: 1, eventId: "k" };
    expect((await acme.ingest(event)).outcome).toBe("rejected");
    await made.admin.query(`alter table ${made.schema}.event drop constraint no_poison`);
    expect((await acme.ingest(event)).outcome).toBe("processed");
  });

  it("is refused in a month without a partition too", async () => {
    const made = await fixture();
    await made.admin.query(
      `alter table ${made.schema}.event add constraint no_poison check (metric <> 'poison')`,
    );
    const poison = recordOf({ metric: "poison", receivedAt: "2033-01-01T00:00:00.000Z" });
    const error = await made.store.insert([recordOf(), poison], patient()).catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_RECORD_REFUSED")).toBe(true);
    expect(await counted(made.store)).toBe(0);
  });
});

const NESTED = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

describe("raw JSON", () => {
  it("nested deeper than Postgres parses is parked unchanged", async () => {
    const made = await fixture();
    const acme = (await evtOver(made)).tenant(TENANT);
    const outcome = await acme.ingest({ client: "a", amount: 1 }, { rawJson: NESTED });
    expect(outcome).toMatchObject({ outcome: "rejected", issues: [{ code: "refused_by_store" }] });
    const { entries } = await acme.list();
    expect(entries.map(({ rawJson }) => rawJson)).toEqual([NESTED]);
    expect(await counted(made.store)).toBe(0);
  });

  it("with characters that Postgres cannot store is stored with them escaped, whether counted or rejected", async () => {
    const acme = (await evtOver(await fixture())).tenant(TENANT);
    const rawJson = '{"text":"\u0000 and \ud800"}';
    expect((await acme.ingest({ client: "a", amount: 1 }, { rawJson })).outcome).toBe("processed");
    expect((await acme.ingest({ client: "a" }, { rawJson })).outcome).toBe("rejected");
    const { entries } = await acme.list();
    const escaped = String.raw`{"text":"\u0000 and \ud800"}`;
    expect(entries.map((entry) => entry.rawJson)).toEqual([escaped, escaped]);
  });

  it.each([
    ["escapes of NUL and of lone surrogates", String.raw`{"nul":"\u0000","lone":"\ud800 \udfff","\u0000":1}`],
    [
      "spaces, duplicate keys and long numbers",
      ' {\n"a" : 1,\t"a":1.000,"b":12345678901234567890123456789e400 } ',
    ],
    ["four megabytes", JSON.stringify({ text: "é☕𝒳\\\"'".repeat(400_000) })],
  ])("with %s is stored byte by byte as it was sent", async (_, rawJson) => {
    const { store } = await fixture();
    const record = recordOf({ rawJson });
    expect(await insert(store, [record])).toEqual(["inserted"]);
    const [entry] = await store.get(TENANT, [record.id], patient());
    expect(entry?.rawJson === rawJson).toBe(true);
  });

  it("that is not JSON is refused with the whole insert; the other records can be inserted without it", async () => {
    const { store } = await fixture();
    const records: EventRecord[] = [recordOf(), recordOf({ rawJson: "{" })];
    const error = await store.insert(records, patient()).catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_RECORD_REFUSED")).toBe(true);
    expect(await insert(store, records.slice(0, 1))).toEqual(["inserted"]);
  });
});
