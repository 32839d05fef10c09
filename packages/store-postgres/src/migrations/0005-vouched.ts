/**
 * Adds columns for a parked event's vouched client and for the key that was given with the event. Both are null for
 * events that were parked before this step.
 */
export const vouched = (schema: string) => `
-- Neither has a default, so no row is rewritten.
alter table ${schema}.parked
  add column vouched_client_id text collate "C",  -- the client that the caller was bound to; null: to none
  add column given_key json;                      -- {"key": …}, or {"batchKey": …} for an event of a batch
`;
