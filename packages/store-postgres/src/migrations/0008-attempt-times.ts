/** Adds a column for the time of the last attempt of a parked event, as the clock of the database shows it. */
export const attemptTimes = (schema: string) => `
-- No default, so no row is rewritten. null: parked by an earlier version, or where claims lapse by the caller's clock.
alter table ${schema}.parked add column attempted_at timestamptz;
`;
