/** Adds columns to claims: hints that distinguish twins from resends, and the version of the identity rules. */
export const claimHints = (schema: string) => `
-- None has a default, so no row is rewritten. null also stands for claims of earlier versions.
alter table ${schema}.claim
  add column raw_hash bigint,    -- of the raw event; null: unknown, or the event has its own key
  add column rules    smallint,  -- the version of the identity rules; null: 1
  add column twins    smallint;  -- equal events of the batch that an ordinal tells apart; null: 1
`;
