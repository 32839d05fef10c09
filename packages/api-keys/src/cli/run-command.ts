import { parseArgs } from "node:util";
import { quoted } from "@evt/core/adapter";
import type { PgPool } from "@evt/store-postgres";
import type { ApiKey } from "../api-key.js";
import type { ApiKeys } from "../api-keys.js";
import { createApiKeys } from "../create-api-keys.js";
import type { CreateKeyOptions } from "../key-options.js";
import { migrateApiKeys, PostgresApiKeyStore } from "../postgres/index.js";

export const USAGE = `usage: DATABASE_URL=postgresql://… evt-keys <command> [options]

commands
  migrate                                        creates the table of the keys
  create --tenant <id> --scopes <scope,scope>    creates a key, and prints it once
         [--client <id>] [--name <text>] [--expires <instant>]
  list   --tenant <id>                           prints the keys of a tenant, without their secrets
  rotate --tenant <id> --id <id>                 creates a key that replaces another one, and prints it once
         [--expire-old <instant>] [--expires <instant>]
  revoke --tenant <id> --id <id>                 revokes a key

scopes: ingest, read, replay, admin. Write an <instant> like this: 2027-01-01T00:00:00Z.
--schema <name> is the schema of the store, evt by default.`;

const text = { type: "string" } as const;
const OPTIONS = {
  ...{ tenant: text, scopes: text, client: text, name: text, expires: text },
  ...{ id: text, "expire-old": text, schema: text },
};

type Values = { readonly [Name in keyof typeof OPTIONS]?: string };

/** The options that each command accepts, in addition to `schema`. Those with `true` are required. */
const ACCEPTED: Readonly<Record<string, { readonly [Name in keyof Values]?: boolean }>> = {
  migrate: {},
  create: { tenant: true, scopes: true, client: false, name: false, expires: false },
  list: { tenant: true },
  rotate: { tenant: true, id: true, "expire-old": false, expires: false },
  revoke: { tenant: true, id: true },
};

/**
 * A mistake of the user, such as a wrong argument or a key that cannot be rotated. Its message is printed with the usage.
 */
export class UsageError extends Error {}

/** What a command prints: `out` for programs, `note` for people. */
export interface Printed {
  readonly out: string;
  readonly note: string;
}

/** A valid command. */
export interface Command {
  readonly name: string;
  readonly values: Values;
}

/** Returns the command in the arguments. @throws UsageError */
export function commandOf(args: readonly string[]): Command {
  const { values, positionals } = parsed(args);
  const [name = "", ...more] = positionals;
  const accepted = Object.hasOwn(ACCEPTED, name) ? ACCEPTED[name] : undefined;
  if (name === "" || more.length > 0) throw new UsageError("give one command");
  if (accepted === undefined) throw new UsageError(`unknown command ${quoted(name)}`);
  for (const option of Object.keys(values) as (keyof Values)[])
    if (option !== "schema" && !(option in accepted))
      throw new UsageError(`${name} does not take --${option}`);
  for (const [option, isRequired] of Object.entries(accepted))
    if (isRequired && values[option as keyof Values] === undefined)
      throw new UsageError(`${name} needs --${option}`);
  return { name, values };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Runs a command. @throws UsageError, TypeError, EvtError, or an error of `pg` */
export async function runCommand({ name, values }: Command, pool: PgPool): Promise<Printed> {
  const schema = values.schema === undefined ? {} : { schema: values.schema };
  if (name === "migrate") {
    await migrateApiKeys(pool, schema);
    return { out: "", note: "the table of the keys exists" };
  }
  const keys = createApiKeys({ store: new PostgresApiKeyStore({ pool, ...schema }) });
  try {
    return await run(name, values, keys);
  } finally {
    await keys.close();
  }
}

async function run(name: string, values: Values, keys: ApiKeys): Promise<Printed> {
  const { tenant: tenantId = "", id = "", expires: expiresAt } = values;
  if (name === "create") {
    const scopes = (values.scopes ?? "").split(",") as string[] as CreateKeyOptions["scopes"];
    const { client: clientId, name: label } = values;
    const { key, apiKey } = await keys.create({ tenantId, scopes, clientId, name: label, expiresAt });
    return { out: key, note: `created ${described(apiKey)}` };
  }
  if (name === "list") return listed(keys, tenantId);
  if (name === "revoke") {
    const apiKey = await keys.revoke({ tenantId, id });
    if (apiKey === null) throw new UsageError(`tenant ${tenantId} has no key ${id}`);
    return { out: "", note: `revoked ${described(apiKey)}` };
  }
  const rotated = await keys.rotate({ tenantId, id, expiresAt, expireOldAt: values["expire-old"] });
  if (rotated.outcome !== "rotated")
    throw new UsageError(`the key ${id} cannot be rotated: it is ${rotated.outcome.replace("_", " ")}`);
  return { out: rotated.key, note: `created ${described(rotated.apiKey)}, which replaces ${id}` };
}

async function listed(keys: ApiKeys, tenantId: string): Promise<Printed> {
  const lines: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ApiKeys["list"]>> = await keys.list({ tenantId, limit: 1_000, cursor });
    lines.push(...page.keys.map(described));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { out: lines.join("\n"), note: `${lines.length} keys` };
}

function described({ id, scopes, clientId, name, expiresAt, revokedAt, lastUsedAt }: ApiKey): string {
  const parts = [
    id,
    `scopes ${scopes.join(",")}`,
    clientId && `client ${JSON.stringify(clientId)}`,
    name && `name ${JSON.stringify(name)}`,
    expiresAt && `expires ${expiresAt}`,
    revokedAt && `revoked ${revokedAt}`,
    lastUsedAt && `last used ${lastUsedAt}`,
  ];
  return parts.filter(Boolean).join("  ");
}
