import { quoted } from "@evt/core/adapter";
import { quotedSchema } from "@evt/store-postgres/internal";

export interface SchemaNames {
  /** The store's schema, as a quoted SQL identifier. */
  readonly evt: string;
  /** The schema of pg-boss. pg-boss does not quote this name in SQL, so its characters are restricted. */
  readonly jobs: string;
}

/** @throws TypeError if pg-boss cannot use the name that is derived from this schema */
export function schemaNames(schema = "evt"): SchemaNames {
  if (typeof schema === "string" && /^(?!pg_)[a-z_][a-z0-9_]{0,40}$/.test(schema))
    return { evt: quotedSchema(schema), jobs: `${schema}_webhooks` };
  throw new TypeError(
    `schema ${quoted(schema)} cannot have webhooks: it must be 1 to 41 characters of a-z, 0-9 and _, and must not begin with a digit or pg_`,
  );
}
