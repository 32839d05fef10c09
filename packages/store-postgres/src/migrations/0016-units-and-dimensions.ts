/** Adds columns for the unit and the dimensions of an event. */
export const unitsAndDimensions = (schema: string) => `
-- None has a default, so no row is rewritten. null: the event has none.
alter table ${schema}.event add column unit text collate "C", add column dimensions json;
alter table ${schema}.parked add column unit text collate "C", add column dimensions json;
`;
