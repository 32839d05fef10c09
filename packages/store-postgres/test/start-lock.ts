/**
 * An advisory lock with which a test starts many processes at the same time: the test holds the lock, and they wait
 * to share it.
 */
export const START = {
  hold: "pg_advisory_lock(hashtext($1))",
  give: "pg_advisory_unlock(hashtext($1))",
  wait: "pg_advisory_lock_shared(hashtext($1)), pg_advisory_unlock_shared(hashtext($1))",
} as const;
