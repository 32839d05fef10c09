/** Adds the time of a parked event's last attempt, by the clock that decides when claims lapse. */
export const attemptTimes = (schema: string) => `
-- No default, so no row is rewritten. null: parked by an earlier version, or where claims lapse by the caller's clock.
alter table ${schema}.parked add column attempted_at timestamptz;
`;
