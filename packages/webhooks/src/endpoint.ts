import type { ParkedStatus } from "@evt/core";
import { checkKnown, checkWhole, quoted } from "@evt/core/adapter";

export const STATUSES: readonly ParkedStatus[] = ["rejected", "conflict", "failed"];

/**
 * A receiver of webhooks. Configure endpoints in code, because a user who can set the URL could make this process send
 * requests to any host.
 */
export interface Endpoint {
  /** 1 to 40 characters of `a-z`, `0-9`, `_` and `-`. Do not change it when the URL or the secret changes. */
  readonly name: string;
  /** An `https:` URL. `http:` is accepted for loopback addresses, or with `allowHttp`. */
  readonly url: string;
  /**
   * `whsec_` and 24 to 64 bytes in base64, as in Standard Webhooks. With several secrets, a message has one signature
   * for each secret, so that a receiver can change its secret.
   */
  readonly secret: string | readonly string[];
  /** Sends only parked events with these statuses. @defaultValue all three */
  readonly statuses?: readonly ParkedStatus[] | undefined;
  /** Sends only events of these tenants. @defaultValue all tenants */
  readonly tenants?: readonly string[] | undefined;
  /**
   * Sends one message for the events of a period, at most 10,000. `everyMs` is the period in milliseconds.
   * @defaultValue one message for each event
   */
  readonly digest?: { readonly everyMs: number } | undefined;
  /**
   * Whether a message contains the raw event. A raw event larger than 1 MiB is omitted, and the message is marked
   * `rawOmitted`. A digest does not contain raw events. @defaultValue false
   */
  readonly raw?: boolean | undefined;
  /** Maximum number of messages that one process sends to this endpoint at the same time. @defaultValue 5 */
  readonly concurrency?: number | undefined;
  /**
   * Accepts an `http:` URL of another machine. Anyone on the network path can then read the events.
   * @defaultValue false
   */
  readonly allowHttp?: boolean | undefined;
}

const OPTIONS: readonly (keyof Endpoint)[] = [
  "name",
  "url",
  "secret",
  "statuses",
  "tenants",
  "digest",
  "raw",
  "concurrency",
  "allowHttp",
];

/** @throws TypeError if an endpoint is invalid. The message never contains a secret. */
export function checkEndpoints(endpoints: readonly Endpoint[]): void {
  if (!Array.isArray(endpoints)) throw new TypeError("endpoints must be an array");
  for (const endpoint of endpoints) checkEndpoint(endpoint);
  const names = endpoints.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new TypeError(`two endpoints are named ${twice}`);
}

function checkEndpoint(endpoint: Endpoint): void {
  checkKnown("an endpoint", endpoint, OPTIONS);
  const { name, url, secret, statuses = STATUSES, tenants, digest, concurrency = 5 } = endpoint;
  if (typeof name !== "string" || !/^[a-z0-9_-]{1,40}$/.test(name))
    throw new TypeError(
      `an endpoint's name is ${quoted(name)}; it must be 1 to 40 characters of a-z, 0-9, _ and -`,
    );
  checkUrl(name, url, endpoint.allowHttp === true);
  checkSecrets(name, secret);
  if (statuses.length === 0 || statuses.some((status) => !STATUSES.includes(status)))
    throw new TypeError(`statuses of endpoint ${name} must be some of ${STATUSES.join(", ")}`);
  if (tenants !== undefined && (!Array.isArray(tenants) || tenants.length === 0))
    throw new TypeError(`tenants of endpoint ${name} must be an array with at least one tenant`);
  if (digest !== undefined) checkDigest(name, digest);
  checkWhole(`concurrency of endpoint ${name}`, concurrency, 1);
}

function checkDigest(name: string, digest: NonNullable<Endpoint["digest"]>): void {
  checkKnown(`digest of endpoint ${name}`, digest, ["everyMs"]);
  // a missing value is passed as `null`, so that it is refused too
  checkWhole(`digest.everyMs of endpoint ${name}`, digest.everyMs ?? null, 0);
}

function checkUrl(name: string, url: string, allowHttp: boolean): void {
  if (typeof url !== "string" || !URL.canParse(url))
    throw new TypeError(`the url of endpoint ${name} is not a URL`);
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== "" || password !== "")
    throw new TypeError(`the url of endpoint ${name} contains a login, which fetch does not send`);
  const isAllowedHttp = protocol === "http:" && (allowHttp || isLoopback(hostname));
  if (protocol !== "https:" && !isAllowedHttp)
    throw new TypeError(`the url of endpoint ${name} must begin with https:// (allowHttp permits http://)`);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

function checkSecrets(name: string, secret: string | readonly string[]): void {
  const secrets = secretsOf({ secret });
  if (secrets.length > 0 && secrets.every(isSecret)) return;
  throw new TypeError(`a secret of endpoint ${name} must be whsec_ and 24 to 64 bytes in base64`);
}

/** Standard Webhooks allows 24 to 64 bytes. */
function isSecret(secret: string): boolean {
  const [, base64 = ""] = /^whsec_([A-Za-z0-9+/]+=*)$/.exec(secret) ?? [];
  const { length } = Buffer.from(base64, "base64");
  return length >= 24 && length <= 64;
}

export function secretsOf({ secret }: Pick<Endpoint, "secret">): readonly string[] {
  return typeof secret === "string" ? [secret] : secret;
}
