import { checkKnown } from "@evt/store-postgres/internal";

/** Why an event was not counted. */
export type ParkedStatus = "rejected" | "conflict" | "failed";

export const STATUSES: readonly ParkedStatus[] = ["rejected", "conflict", "failed"];

/** Where messages go. It is the operator's: whoever may set a URL can have this process call it. */
export interface Endpoint {
  /** 1 to 40 lower-case letters, digits, `_` and `-`. Stays the same when the URL or the secret changes. */
  readonly name: string;
  /** `https:`, or `http:` to this machine itself; see `allowHttp`. */
  readonly url: string;
  /** As Standard Webhooks writes it: `whsec_` and base64. Of several each signs, so that a receiver can change over. */
  readonly secret: string | readonly string[];
  /** @defaultValue all three */
  readonly statuses?: readonly ParkedStatus[];
  /** Default: events of every tenant. */
  readonly tenants?: readonly string[];
  /** One message for all events of so many milliseconds, instead of one for each event. */
  readonly digest?: { readonly everyMs: number };
  /**
   * Whether a message carries the raw event, which is the sender's. One larger than 1 MiB is left out (`rawOmitted`); a
   * digest carries none. @defaultValue false
   */
  readonly raw?: boolean;
  /** How many messages are under way to it at once, from one process. @defaultValue 5 */
  readonly concurrency?: number;
  /** Whether `http:` to another machine will do: what is sent is then read by anyone in between. @defaultValue false */
  readonly allowHttp?: boolean;
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

/** @throws TypeError where an endpoint cannot be meant; no message holds a secret */
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
      `an endpoint's name is ${JSON.stringify(name)}; it must be 1 to 40 of a-z, 0-9, _ and -`,
    );
  checkUrl(name, url, endpoint.allowHttp === true);
  checkSecrets(name, secret);
  if (statuses.length === 0 || statuses.some((status) => !STATUSES.includes(status)))
    throw new TypeError(`statuses of endpoint ${name} must be some of ${STATUSES.join(", ")}`);
  if (tenants !== undefined && (!Array.isArray(tenants) || tenants.length === 0))
    throw new TypeError(`tenants of endpoint ${name} must be an array of at least one`);
  if (digest !== undefined) checkWhole(`digest.everyMs of endpoint ${name}`, digest.everyMs, 0);
  checkWhole(`concurrency of endpoint ${name}`, concurrency, 1);
}

function checkUrl(name: string, url: string, allowHttp: boolean): void {
  if (typeof url !== "string" || !URL.canParse(url))
    throw new TypeError(`the url of endpoint ${name} is no URL`);
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== "" || password !== "")
    throw new TypeError(`the url of endpoint ${name} holds a login; fetch sends none`);
  const plain = protocol === "http:" && (allowHttp || isLoopback(hostname));
  if (protocol !== "https:" && !plain)
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

/** As long as Standard Webhooks allows. */
function isSecret(secret: string): boolean {
  const [, base64 = ""] = /^whsec_([A-Za-z0-9+/]+=*)$/.exec(secret) ?? [];
  const { length } = Buffer.from(base64, "base64");
  return length >= 24 && length <= 64;
}

export function secretsOf({ secret }: Pick<Endpoint, "secret">): readonly string[] {
  return typeof secret === "string" ? [secret] : secret;
}

export function checkWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new TypeError(`${name} is ${String(value)}; it must be a whole number of at least ${least}`);
}
