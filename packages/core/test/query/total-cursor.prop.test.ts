import { describe, expect } from "vitest";
import { isEvtError } from "../../src/evt-error.js";
import { decodeTotalCursor, encodeTotalCursor, type TotalsFilter } from "../../src/query/total-cursor.js";
import type { AggregateOrder, AggregatePosition } from "../../src/store.js";
import { fc, test } from "../properties.js";

const BUCKETS = 10;
const key = fc.string({ unit: "binary", minLength: 1, maxLength: 20 }).filter((text) => !text.includes("\0"));
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), fc.constantFrom("", ".5", ".000000000000000001"))
  .map(([whole, fraction]) => `${whole}${fraction}`);
const order = fc.record<AggregateOrder>({
  by: fc.constantFrom("count", "sum", "min", "max", "bucket", "clientId", "metric"),
  direction: fc.constantFrom("asc", "desc"),
});

interface Case {
  readonly filter: TotalsFilter;
  readonly position: AggregatePosition;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    order,
    ...{ byClientId: fc.boolean(), byMetric: fc.boolean(), bucket: fc.nat({ max: BUCKETS - 1 }) },
    ...{
      clientId: key,
      metric: key,
      value: decimal,
      unit: fc.option(key),
      dimensions: fc.array(fc.option(key)),
    },
  })
  .map(({ order, byClientId, byMetric, bucket, clientId, metric, value, unit, dimensions }) => ({
    filter: {
      ...{ tenantId: "t", byClientId, byMetric, order },
      ...(dimensions.length > 0 && { byDimensions: dimensions.map((_, i) => `d${i}`) }),
      ...{ bucketCount: BUCKETS, interval: "day", timeZone: "UTC" },
    },
    position: {
      bucket,
      clientId: byClientId ? clientId : null,
      metric: byMetric ? metric : null,
      unit,
      ...(dimensions.length > 0 && { dimensions }),
      value: ["bucket", "clientId", "metric"].includes(order.by) ? null : value,
    },
  }));

/** A change of each member. A member that is missing here does not compile. */
const CHANGES: Required<TotalsFilter> = {
  tenantId: "other",
  clientId: "a",
  metric: "a",
  unit: null,
  dimensions: { plan: "pro" },
  byDimensions: ["plan"],
  from: "2024-01-01T00:00:00.000Z",
  to: "2024-01-01T00:00:00.000Z",
  byClientId: true,
  byMetric: true,
  order: { by: "bucket", direction: "asc" },
  bucketCount: 11,
  interval: "hour",
  timeZone: "Europe/Berlin",
};

function refusal(cursor: unknown, filter: TotalsFilter): unknown {
  try {
    return decodeTotalCursor(cursor, filter);
  } catch (error) {
    return isEvtError(error, "EVT_INVALID_QUERY") ? error.parameter : error;
  }
}

describe("cursors of totals", () => {
  test.prop([cases])("decode to their position", ({ filter, position }) => {
    expect(decodeTotalCursor(encodeTotalCursor(position, filter), filter)).toEqual(position);
  });

  test.prop([cases, cases])("are refused with any other query", (one, { filter: other }) => {
    const cursor = encodeTotalCursor(one.position, one.filter);
    for (const [member, value] of Object.entries(CHANGES)) {
      const changed = { ...one.filter, [member]: value };
      if (JSON.stringify(changed) !== JSON.stringify(one.filter))
        expect(refusal(cursor, changed)).toBe("cursor");
    }
    if (JSON.stringify(other) !== JSON.stringify(one.filter)) expect(refusal(cursor, other)).toBe("cursor");
  });

  test.prop([cases, fc.oneof(fc.string(), fc.anything())])(
    "are refused by name if they are not valid",
    ({ filter }, cursor) => {
      expect(refusal(cursor, filter)).toBe("cursor");
    },
  );

  const wrong = fc.constantFrom<Partial<Record<keyof AggregatePosition, unknown>>>(
    ...[-1, 0.5, BUCKETS, "0", null].map((bucket) => ({ bucket })),
    ...["\ud800", "a\0b", 1, undefined, {}, []].map((clientId) => ({ clientId })),
    ...["\udc00", 1, undefined, {}].map((metric) => ({ metric })),
    ...["", "1e5", "NaN", "Infinity", "0x1", "1'", " 1", "9".repeat(101), 1, {}].map((value) => ({ value })),
  );
  test.prop([cases, wrong])(
    "are refused with a position that no row has: %s",
    ({ filter, position }, part) => {
      let forged: string;
      try {
        forged = encodeTotalCursor({ ...position, ...part } as AggregatePosition, filter);
      } catch {
        return; // the position has no canonical JSON
      }
      expect(refusal(forged, filter)).toBe("cursor");
    },
  );

  test.prop([cases, fc.nat(), fc.nat({ max: 255 })], { numRuns: 500 })(
    "never decode to another position if a byte is changed",
    ({ filter, position }, index, byte) => {
      const bytes = Buffer.from(Buffer.from(encodeTotalCursor(position, filter), "base64url"));
      bytes[index % bytes.length] = byte;
      const found = refusal(bytes.toString("base64url"), filter);
      if (found !== "cursor") expect(found).toEqual(position);
    },
  );
});
