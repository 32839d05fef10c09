import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import type { EventRecord } from "@evt/core";
import type { Pool, PoolClient } from "pg";
import { from, to } from "pg-copy-streams";
import { SCHEMA } from "../database/fresh-schema.js";
import { inTransaction } from "../database/in-transaction.js";
import { CLAIM_COLUMNS, copyText, EVENT_COLUMNS } from "./copy-text.js";

/** The rows of both tables in the binary format of COPY. */
export interface CopyBinary {
  readonly claims: Buffer;
  readonly events: Buffer;
}

export const COPY_CLAIMS = `copy ${SCHEMA}.claim (${CLAIM_COLUMNS}) from stdin`;
export const COPY_EVENTS = `copy ${SCHEMA}.event (${EVENT_COLUMNS}) from stdin`;
export const BINARY = "(format binary)";

/**
 * Returns the rows in Postgres's binary format, which Postgres reads faster than text. Copies the rows as text into tables
 * without indexes, and out of these tables in binary.
 */
export async function copyBinary(pool: Pool, records: readonly EventRecord[]): Promise<CopyBinary> {
  const { claims, events } = copyText(records);
  let rows: CopyBinary | undefined;
  await inTransaction(pool, async (client) => {
    rows = {
      claims: await through(client, "claim", CLAIM_COLUMNS, claims),
      events: await through(client, "event", EVENT_COLUMNS, events),
    };
  });
  return rows as CopyBinary;
}

async function through(client: PoolClient, table: string, columns: string, rows: Buffer): Promise<Buffer> {
  await client.query(`create temp table rendered_${table} (like ${SCHEMA}.${table}) on commit drop`);
  await copyIn(client, `copy rendered_${table} (${columns}) from stdin`, rows);
  return copyOut(client, `select ${columns} from rendered_${table}`);
}

export async function copyIn(client: PoolClient, command: string, rows: Buffer): Promise<void> {
  const stream = client.query(from(command));
  stream.end(rows);
  await finished(stream);
}

async function copyOut(client: PoolClient, select: string): Promise<Buffer> {
  return buffer(client.query(to(`copy (${select}) to stdout ${BINARY}`)));
}
