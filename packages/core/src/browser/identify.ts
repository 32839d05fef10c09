import type { CanonicalEvent, IdentifiedBy, Provenance } from "../event.js";
import { Identifier } from "../identity/identifier.js";
import { Preparer } from "../ingest/prepare.js";
import { canonicalOf, identityOf, type Prepared, type Refused } from "../ingest/prepared-event.js";
import type { Issue } from "../issue.js";
import { checkMapping } from "../normalize/check-mapping.js";
import { MappingChoice, type MappingOptions } from "../normalize/mapping-choice.js";
import { checkFunction, checkKnown } from "../option-checks.js";
import { quoted } from "../quoted.js";
import { type AnySha256, withHashes } from "./with-hashes.js";

/** Options of {@link createIdentify}. Pass the same mappings as on the server. */
export interface IdentifyOptions extends MappingOptions {
  /** Returns the SHA-256 of a string's UTF-8 bytes as 64 lower-case hex digits, or a promise of these digits. */
  readonly sha256: AnySha256;
}

/** Options of {@link Identify}. Pass the same values as in the call that sends the events. */
export interface IdentifyCallOptions {
  /** The tenant, for `selectMapping`. @defaultValue "" */
  readonly tenantId?: string | undefined;
  /**
   * The client that authentication on the server will prove. The events belong to this client. An event that names
   * another client is rejected.
   */
  readonly clientId?: string | undefined;
  /** The name of a mapping in `mappings`. Takes precedence over `selectMapping`. @defaultValue none */
  readonly mapping?: string | undefined;
  /** The idempotency key of the whole batch. @defaultValue none */
  readonly idempotencyKey?: string | undefined;
  /** One item for each event: an idempotency key, or `null`. @defaultValue none */
  readonly idempotencyKeys?: readonly (string | null | undefined)[] | undefined;
  /** The receive time: UTC, milliseconds. It becomes the timestamp of events without one. @defaultValue now */
  readonly receivedAt?: string | undefined;
}

/** The result of reading one event as the server reads it. */
export type IdentifiedEvent =
  | {
      readonly outcome: "identified";
      readonly canonical: CanonicalEvent;
      /** The source of each field's value. */
      readonly provenance: Provenance;
      readonly identifiedBy: IdentifiedBy;
      /**
       * The identity. `null` with `identifiedBy: "receipt"`, because the server creates it when it receives the event.
       */
      readonly identity: string | null;
      /** The JSON text whose SHA-256 is the identity. `null` if the identity is `null`. */
      readonly identityJson: string | null;
      /**
       * SHA-256 of the content. With equal identities, equal fingerprints mean a duplicate and different ones a conflict.
       */
      readonly fingerprint: string;
    }
  | {
      readonly outcome: "rejected";
      /** The fields that could be read. */
      readonly canonical: Partial<CanonicalEvent>;
      readonly provenance: Provenance;
      readonly issues: readonly Issue[];
    };

/**
 * Normalizes and identifies the events of one call. Result i belongs to event i.
 * @throws TypeError (the promise rejects) if an argument is not valid
 */
export type Identify = (
  raws: readonly unknown[],
  options?: IdentifyCallOptions,
) => Promise<readonly IdentifiedEvent[]>;

const OPTIONS = Object.keys({
  mapping: true,
  mappings: true,
  selectMapping: true,
  sha256: true,
} satisfies Record<keyof IdentifyOptions, true>);
const CALL_OPTIONS = Object.keys({
  tenantId: true,
  clientId: true,
  mapping: true,
  idempotencyKey: true,
  idempotencyKeys: true,
  receivedAt: true,
} satisfies Record<keyof IdentifyCallOptions, true>);

/**
 * Returns a function that normalizes and identifies events as the server does, for pages and clients. The function needs
 * no Node and no store. Without a store, it cannot detect duplicates. It ignores `unwrap`, so it does not unwrap
 * envelopes. It may call a mapping's functions several times for one event.
 *
 * @throws TypeError if an option is unknown or not valid
 *
 * @example
 * const sha256 = async (text: string) => {
 *   const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
 *   return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
 * };
 * const identify = createIdentify({ sha256 });
 * const [event] = await identify([{ client: "shop", amount: "19.90", eventId: "order-17" }]);
 * if (event?.outcome === "identified") console.log(event.identity);
 */
export function createIdentify(options: IdentifyOptions): Identify {
  checkOptions(options);
  const { sha256 } = options;
  const choice = new MappingChoice(options);
  return async (raws, call = {}) => {
    checkCall(raws, call, choice);
    const receivedAt = call.receivedAt ?? new Date().toISOString();
    return withHashes(sha256, (hash) => {
      const identifier = new Identifier(hash);
      const preparer = preparerOf({ ...call, receivedAt }, choice, identifier);
      return raws.map((raw, i) =>
        identified(preparer.prepare(raw, call.idempotencyKeys?.[i] ?? undefined, undefined), identifier),
      );
    });
  };
}

function preparerOf(
  {
    tenantId = "",
    clientId,
    mapping,
    idempotencyKey,
    receivedAt,
  }: IdentifyCallOptions & { readonly receivedAt: string },
  choice: MappingChoice,
  identifier: Identifier,
): Preparer {
  return new Preparer({
    tenantId,
    receivedAt,
    clientId,
    mapping,
    batchKey: idempotencyKey,
    choice,
    raw: "drop",
    identifier,
    receiptId: () => "",
  });
}

function identified(prepared: Prepared | Refused, identifier: Identifier): IdentifiedEvent {
  if (prepared.outcome === "rejected") {
    const { event, provenance, issues } = prepared;
    return { outcome: "rejected", canonical: event, provenance, issues };
  }
  const { record, provenance } = prepared;
  const { identifiedBy, fingerprint } = record;
  const known = identifiedBy !== "receipt";
  return {
    outcome: "identified",
    canonical: canonicalOf(record),
    provenance,
    identifiedBy,
    identity: known ? record.identity : null,
    identityJson: known ? identityOf(prepared, identifier).identityJson : null,
    fingerprint,
  };
}

function checkOptions(options: IdentifyOptions): void {
  checkKnown("createIdentify", options, OPTIONS);
  if (typeof options.sha256 !== "function")
    throw new TypeError("createIdentify needs sha256, which returns the SHA-256 of a string in hex");
  if (options.mapping !== undefined) checkMapping("mapping", options.mapping);
  for (const [name, mapping] of Object.entries(options.mappings ?? {}))
    checkMapping(`mappings.${name}`, mapping);
  checkFunction("selectMapping", options.selectMapping);
}

function checkCall(
  raws: readonly unknown[],
  options: IdentifyCallOptions,
  choice: Pick<MappingChoice, "has">,
): void {
  if (!Array.isArray(raws)) throw new TypeError(`identify takes an array of events, not ${quoted(raws)}`);
  checkKnown("identify", options, CALL_OPTIONS);
  const { idempotencyKeys, mapping, receivedAt } = options;
  if (idempotencyKeys !== undefined && idempotencyKeys.length !== raws.length)
    throw new TypeError(
      `idempotencyKeys must be an array with one item for each of the ${raws.length} events`,
    );
  if (mapping !== undefined && !choice.has(mapping))
    throw new TypeError(`there is no mapping ${quoted(mapping)}`);
  if (receivedAt !== undefined && !isInstant(receivedAt))
    throw new TypeError(`receivedAt is ${quoted(receivedAt)}; it must have the form of Date.toISOString`);
}

function isInstant(text: unknown): boolean {
  const ms = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}
