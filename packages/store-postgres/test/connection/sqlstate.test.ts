import { type EvtError, type EvtErrorCode, isEvtError } from "@evt/core";
import { describe, expect, it } from "vitest";
import {
  connectError,
  isMissingPartition,
  leavesConnectionReusable,
  statementError,
} from "../../src/connection/sqlstate.js";

/** An error as `pg` forwards it from the server. */
function serverError(code: string, more: object = {}): Error {
  return Object.assign(new Error(`an error of ${code}`), { severity: "ERROR", code, ...more });
}

/** An error as Node forwards it from the socket. */
function socketError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code} 10.0.0.5:5432`), { code, syscall, errno: -1 });
}

const SOUND = true;
const IN_DOUBT = false;

const TABLE: readonly [meaning: string, code: EvtErrorCode, connection: boolean, states: string][] = [
  ["safe to retry", "EVT_STORE_CONTENDED", SOUND, "40001 40P01 55P03"],
  ["no longer prepared", "EVT_STORE_CONTENDED", IN_DOUBT, "26000 42P05"],
  [
    "poison",
    "EVT_RECORD_REFUSED",
    SOUND,
    "22P05 22021 22P02 22003 22007 22008 22032 22001 54000 54001 P0001",
  ],
  ["a constraint", "EVT_RECORD_REFUSED", SOUND, "23514 23502 23503 23505 23P01"],
  ["cancelled, or the disk is full", "EVT_STORE_UNAVAILABLE", SOUND, "57014 53100 53200"],
  [
    "unknown whether it took effect",
    "EVT_STORE_UNAVAILABLE",
    IN_DOUBT,
    "08000 08003 08006 08P01 57P01 57P02",
  ],
  ["not possible now", "EVT_STORE_UNAVAILABLE", IN_DOUBT, "53300 57P03 57P05 25006 25P03 58030"],
  ["a bug in evt", "EVT_INTERNAL", IN_DOUBT, "42601 42P01 42501 42883 21000 25P02 0A000 XX000 55000"],
];
const CASES = TABLE.flatMap(([meaning, code, reusable, states]) =>
  states.split(" ").map((state) => [state, meaning, code, reusable] as const),
);

describe("an error that postgres returns", () => {
  it.each(CASES)("%s (%s) is %s; the connection can be reused: %s", (state, _, code, reusable) => {
    const original = serverError(state);
    const error = statementError(original) as EvtError;
    expect(isEvtError(error, code)).toBe(true);
    expect(error.message).toContain(`postgres returned SQLSTATE ${state}`);
    expect(error.message).not.toContain(original.message);
    expect(error.cause).toBe(original);
    expect(leavesConnectionReusable(error)).toBe(reusable);
  });

  it("is recognized in any server language", () => {
    const error = statementError(serverError("40P01", { severity: "FEHLER" }));
    expect(isEvtError(error, "EVT_STORE_CONTENDED")).toBe(true);
    expect(leavesConnectionReusable(error)).toBe(true);
  });
});

describe("an error without a SQLSTATE", () => {
  it.each([
    new Error("Connection terminated unexpectedly"),
    new Error("Connection terminated"),
    new Error("Client has encountered a connection error and is not queryable"),
    new Error("Client was closed and is not queryable"),
    new Error("Query read timeout"),
    new Error("Received unexpected commandComplete message from backend."),
    Object.assign(new Error("received invalid response: 48"), { name: "error", length: 5 }),
    socketError("ECONNRESET", "read"),
    // has five characters like a SQLSTATE
    socketError("EPIPE", "write"),
    Object.assign(new Error("This socket has been ended by the other party"), { code: "EPIPE" }),
    socketError("ETIMEDOUT", "read"),
    "no Error at all",
    undefined,
  ])("means that the outcome is unknown: %s", (original) => {
    const error = statementError(original);
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
    expect((error as EvtError).cause).toBe(original);
    expect((error as EvtError).message).toMatch(
      /^the connection to postgres failed(?:: [A-Z]+|; see the cause)$/,
    );
    expect(leavesConnectionReusable(error)).toBe(false);
  });

  it.each([new TypeError("not a function"), new RangeError("Invalid string length")])(
    "is unchanged if it is a mistake in the call: %s",
    (mistake) => {
      expect(statementError(mistake)).toBe(mistake);
      expect(leavesConnectionReusable(mistake)).toBe(false);
    },
  );
});

describe("a connection error", () => {
  it.each([
    [new AggregateError([socketError("ECONNREFUSED", "connect")], ""), undefined],
    [Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
    [socketError("ENOTFOUND", "getaddrinfo"), "ENOTFOUND"],
    [socketError("EAI_AGAIN", "getaddrinfo"), "EAI_AGAIN"],
    [
      Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
      "DEPTH_ZERO_SELF",
    ],
    [new Error("timeout exceeded when trying to connect"), "; see the cause"],
    [new Error("no route to 10.0.0.5"), "; see the cause"],
    [new TypeError("Password must be a string"), "; see the cause"],
    [serverError("28P01", { severity: "FATAL" }), "SQLSTATE 28P01, password authentication failed"],
    [serverError("3D000", { severity: "FATAL" }), "SQLSTATE 3D000, the database does not exist"],
    [serverError("53300", { severity: "FATAL" }), "SQLSTATE 53300, too many connections"],
    [serverError("57P01", { severity: "FATAL" }), "SQLSTATE 57P01"],
  ])("means that no statement was sent: %s", (original, why) => {
    const error = connectError(original);
    expect(error.code).toBe("EVT_STORE_UNAVAILABLE");
    expect(error.cause).toBe(original);
    expect(error.message).toContain(why ?? "cannot connect to postgres");
    expect(error.message).not.toContain("10.0.0.5");
  });
});

describe("a missing partition", () => {
  it("is a check violation without a constraint", () => {
    expect(isMissingPartition(statementError(serverError("23514")))).toBe(true);
    expect(isMissingPartition(statementError(serverError("23514", { constraint: "no_poison" })))).toBe(false);
    expect(isMissingPartition(statementError(serverError("23502")))).toBe(false);
    expect(isMissingPartition(statementError(new Error("Connection terminated")))).toBe(false);
    expect(isMissingPartition(new TypeError("not a function"))).toBe(false);
  });
});
