import { EvtError } from "@evt/core";
import type { PgClient } from "./pg-pool.js";

/**
 * An SQL expression whose value does not matter. With `synchronous_standby_names` set, the commit of a statement that
 * evaluates it waits for the standby. Otherwise it does nothing.
 *
 * A visible row is not always replicated: the wait of its commit may have been cut short. A result that rests on such a
 * row is lost in a failover. A standby receives WAL in order, so once it has the commit of a reading statement, it has
 * every row that the statement read. An empty logical message is the smallest possible write; a transaction that has an
 * id but wrote no WAL does not wait.
 */
export const AWAIT_STANDBY = `(
  select case when current_setting('synchronous_standby_names') <> '' and not pg_is_in_recovery()
              then pg_logical_emit_message(true, 'evt', ''::text) end)`;

/** A client that passes the server's notices on, as that of `pg` does. */
interface NoticeEmitter {
  on(event: "notice", listener: (notice: unknown) => void): unknown;
  removeListener(event: "notice", listener: (notice: unknown) => void): unknown;
}

/**
 * Watches one connection for commits that ended before a standby had them. `pg_cancel_backend` ends the wait, not the
 * commit: Postgres sends a warning (SQLSTATE 01000) and reports success. Such a commit survives a crash, but not a
 * failover. A client that passes no notices on cannot be watched.
 */
export class StandbyWatch {
  readonly #client: NoticeEmitter;
  #unreplicated = false;
  readonly #onNotice = (notice: unknown) => {
    if (isCancelledWait(notice)) this.#unreplicated = true;
  };

  constructor(client: Pick<PgClient, "on" | "removeListener">) {
    this.#client = client as unknown as NoticeEmitter;
    this.#client.on("notice", this.#onNotice);
  }

  /** @throws EvtError `EVT_STORE_UNAVAILABLE` where a commit was not waited for to the end */
  check(): void {
    if (!this.#unreplicated) return;
    throw new EvtError(
      "EVT_STORE_UNAVAILABLE",
      "postgres committed, but its wait for the standby was cancelled: a failover may lose what was written",
    );
  }

  stop(): void {
    this.#client.removeListener("notice", this.#onNotice);
  }
}

/** By the function of Postgres that sends the warning: its text is translated, and its SQLSTATE shared by other warnings. */
function isCancelledWait(notice: unknown): boolean {
  return (notice as { readonly routine?: unknown } | null)?.routine === "SyncRepWaitForLSN";
}
