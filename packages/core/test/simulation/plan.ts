import { fc } from "../properties.js";

/** What happens in one store call. Times are virtual milliseconds. */
export type CallPlan =
  | { readonly does: "works"; readonly delayMs: number; readonly answerMs: number }
  | { readonly does: "fails"; readonly delayMs: number; readonly contended: boolean }
  /** It takes effect, and the response is lost. */
  | { readonly does: "loses"; readonly delayMs: number }
  /** The connection is lost during the call: it takes effect after the caller has given up. */
  | { readonly does: "lands-late"; readonly delayMs: number; readonly answerMs: number }
  | { readonly does: "hangs"; readonly delayMs: number; readonly takesEffect: boolean }
  /** A defect: an error that no store may throw. */
  | { readonly does: "breaks"; readonly delayMs: number };

/** An event as sent. `amount: "x"` is not valid, and the store refuses the metric `poison`. */
export interface SentEvent {
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp?: string;
  readonly idempotencyKey?: string;
}

export interface SenderPlan {
  readonly tenantId: string;
  readonly startMs: number;
  readonly mode: "one" | "many" | "stream";
  readonly batchKey: boolean;
  readonly events: readonly SentEvent[];
  /** When it aborts its first call. Then it sends again, or never. */
  readonly abortMs: number | null;
  readonly returns: boolean;
  readonly pauseMs: number;
}

export interface Plan {
  readonly seed: number;
  readonly senders: readonly SenderPlan[];
  readonly script: readonly CallPlan[];
  readonly outage: { readonly fromMs: number; readonly forMs: number } | null;
  /** When the evt is closed, and another takes over. */
  readonly closeMs: number | null;
}

/** Most calls take no time, and some take longer than every deadline. */
const delayMs = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 80 }) },
  { weight: 1, arbitrary: fc.integer({ min: 300, max: 1_500 }) },
);
const callPlan: fc.Arbitrary<CallPlan> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant("works"), delayMs, answerMs: delayMs }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("fails"), delayMs, contended: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("loses"), delayMs }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("lands-late"), delayMs, answerMs: delayMs }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("hangs"), delayMs, takesEffect: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("breaks"), delayMs }) },
) as fc.Arbitrary<CallPlan>;

const about = { clientId: fc.constantFrom("a", "b"), metric: fc.constantFrom("m", "m", "m", "poison") };
const amount = fc.constantFrom("1", "2", "1", "2", "x");
const timestamp = fc.constant("2024-01-01T00:00:00.000Z");
const event: fc.Arbitrary<SentEvent> = fc.oneof(
  fc.record({ ...about, amount, timestamp }),
  fc.record({ ...about, amount }),
  fc.record({ ...about, amount, timestamp, idempotencyKey: fc.constantFrom("k1", "k2") }),
  fc.record({ ...about, amount, idempotencyKey: fc.constantFrom("k1", "k2") }),
);

const sender: fc.Arbitrary<SenderPlan> = fc.record({
  tenantId: fc.constantFrom("t1", "t1", "t2"),
  startMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_500 })),
  mode: fc.constantFrom("one", "many", "many", "stream"),
  batchKey: fc.constantFrom(false, false, true),
  events: fc.array(event, { minLength: 1, maxLength: 7 }),
  abortMs: fc.option(fc.integer({ min: 0, max: 1_200 }), { freq: 3 }),
  returns: fc.boolean(),
  pauseMs: fc.integer({ min: 20, max: 1_500 }),
});

export const plan: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(),
  senders: fc.array(sender, { minLength: 1, maxLength: 7 }),
  script: fc.array(callPlan, { maxLength: 30 }),
  outage: fc.option(fc.record({ fromMs: fc.nat({ max: 500 }), forMs: fc.integer({ min: 200, max: 3_000 }) })),
  closeMs: fc.option(fc.integer({ min: 0, max: 2_000 })),
});
