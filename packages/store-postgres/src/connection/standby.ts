import { EvtError } from "@evt/core/store";
import type { PgClient } from "./pg-pool.js";

/**
 * An SQL expression that makes the commit of its statement wait for the standby, if `synchronous_standby_names` is
 * set and `synchronous_commit` requires the wait. On a standby, or without `synchronous_standby_names`, it does
 * nothing. Its value is not used.
 *
 * A visible row may not be replicated yet, because the commit's wait for the standby can be cancelled. A failover
 * would then lose the row, and a result that depends on the row would be wrong. A standby receives WAL in order. So
 * when the standby has the commit of the reading statement, it has every row that the statement read. Postgres makes
 * only a transaction that wrote WAL wait, so the expression writes an empty logical message.
 */
export const AWAIT_STANDBY = `(
  select case when current_setting('synchronous_standby_names') <> '' and not pg_is_in_recovery()
              then pg_logical_emit_message(true, 'evt', ''::text) end)`;

/** A client that emits the server's notices, as `pg`'s client does. */
interface NoticeEmitter {
  on(event: "notice", listener: (notice: unknown) => void): unknown;
  removeListener(event: "notice", listener: (notice: unknown) => void): unknown;
}

/**
 * Detects commits on one connection that returned before a standby had them. `pg_cancel_backend` ends the wait but
 * not the commit: Postgres sends a warning (SQLSTATE 01000) and reports success. Such a commit survives a crash but
 * may be lost in a failover. Commits of a client that does not emit notices are not detected.
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

  /** @throws EvtError `EVT_STORE_UNAVAILABLE` if a commit's wait for the standby was cancelled */
  check(): void {
    if (!this.#unreplicated) return;
    throw new EvtError(
      "EVT_STORE_UNAVAILABLE",
      "postgres committed, but its wait for the standby was cancelled: a failover may lose the written rows",
    );
  }

  stop(): void {
    this.#client.removeListener("notice", this.#onNotice);
  }
}

/**
 * Recognizes the warning by `routine`, the Postgres function that sends it. Its text is translated, and other
 * warnings have the same SQLSTATE.
 */
function isCancelledWait(notice: unknown): boolean {
  return (notice as { readonly routine?: unknown } | null)?.routine === "SyncRepWaitForLSN";
}
