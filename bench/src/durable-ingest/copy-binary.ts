import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import type { EventRecord } from "@evt/core";
import type { Pool, PoolClient } from "pg";
import { from, to } from "pg-copy-streams";
import { SCHEMA } from "../database/fresh-schema.js";
import { inTransaction } from "../database/in-transaction.js";
import { CLAIM_COLUMNS, copyText, EVENT_COLUMNS } from "./copy-text.js";

/** Rows of the two tables in COPY's binary format, a command for each. */
export interface CopyBinary {
  readonly claims: Buffer;
  readonly events: Buffer;
}

export const COPY_CLAIMS = `copy ${SCHEMA}.claim (${CLAIM_COLUMNS}) from stdin`;
export const COPY_EVENTS = `copy ${SCHEMA}.event (${EVENT_COLUMNS}) from stdin`;
export const BINARY = "(format binary)";

/**
 * The rows as Postgres itself writes them in binary, which it reads back faster than text: copied in as text, out again,
 * and rolled back.
 */
export async function copyBinary(pool: Pool, records: readonly EventRecord[]): Promise<CopyBinary> {
  const { claims, events } = copyText(records);
  let rows: CopyBinary | undefined;
  await inTransaction(pool, async (client) => {
    await copyIn(client, COPY_CLAIMS, claims);
    await copyIn(client, COPY_EVENTS, events);
    rows = {
      claims: await copyOut(client, `select ${CLAIM_COLUMNS} from ${SCHEMA}.claim`),
      events: await copyOut(client, `select ${EVENT_COLUMNS} from ${SCHEMA}.event`),
    };
    await client.query(`truncate ${SCHEMA}.claim, ${SCHEMA}.event`);
  });
  return rows as CopyBinary;
}

export async function copyIn(client: PoolClient, command: string, rows: Buffer): Promise<void> {
  const stream = client.query(from(command));
  stream.end(rows);
  await finished(stream);
}

async function copyOut(client: PoolClient, select: string): Promise<Buffer> {
  return buffer(client.query(to(`copy (${select}) to stdout ${BINARY}`)));
}
