import type { RatePolicy } from "./rate-counter.js";

/** Returns the options of the limiter that counts the requests or events of a policy. */
export function limiterOptions({ name, quota, seconds }: RatePolicy) {
  return { keyPrefix: `evt:${name}`, points: quota, duration: seconds };
}
