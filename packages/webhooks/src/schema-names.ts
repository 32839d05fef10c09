import { quotedSchema } from "@evt/store-postgres/internal";

export interface SchemaNames {
  /** The store's, as an identifier in SQL. */
  readonly evt: string;
  /** Of the job library, beside it. It writes the name into SQL unquoted, so it has to need no quotes. */
  readonly jobs: string;
}

/** @throws TypeError */
export function schemaNames(schema = "evt"): SchemaNames {
  if (typeof schema === "string" && /^(?!pg_)[a-z_][a-z0-9_]{0,40}$/.test(schema))
    return { evt: quotedSchema(schema), jobs: `${schema}_webhooks` };
  throw new TypeError(
    `schema ${JSON.stringify(schema)} will not do for webhooks: it must be 1 to 41 of a-z, 0-9 and _, beginning with no digit, and not with pg_`,
  );
}
