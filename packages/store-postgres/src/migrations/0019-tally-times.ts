/** Adds the time of each insert to its tally, so that the age of the oldest tally is known. */
export const tallyTimes = (schema: string) => `
-- no row is rewritten: existing tallies get the time of this step
alter table ${schema}.tally add column inserted_at timestamptz not null default now();
`;
