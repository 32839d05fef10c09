import { Problem } from "@evt/http";

/** The part of a request that contains the key. Requests of Node, Express, Fastify and Fetch have it. */
export interface KeyRequest {
  /** The headers: an object with lower-case names as in Node, or `Headers` as in Fetch. */
  readonly headers: NodeHeaders | FetchHeaders;
  /** Header names and values alternate, as in Node. Shows repeated headers, of which Node drops some. */
  readonly rawHeaders?: readonly string[] | undefined;
}

/** Headers by their lower-case names. */
export type NodeHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Headers as in Fetch. */
export interface FetchHeaders {
  get(name: string): string | null;
}

const BEARER = /^Bearer(?: (.*))?$/i;

/**
 * Returns the credential in `Authorization: Bearer …` or `X-Api-Key`. An `Authorization` with another scheme is ignored.
 * @throws Problem 401 if there is none, or more than one
 */
export function credentialOf(req: KeyRequest): string {
  const bearer = BEARER.exec(headerOf(req, "authorization") ?? "");
  const given = [bearer === null ? undefined : (bearer[1] ?? "").trim(), headerOf(req, "x-api-key")];
  const [credential, another] = given.filter((value) => value !== undefined);
  if (credential === undefined)
    throw unauthenticated("send an API key, as Authorization: Bearer or as X-Api-Key");
  if (another !== undefined) throw invalidToken("the request has two API keys; send one");
  return credential;
}

/** Creates the 401 for a request without a key. */
function unauthenticated(detail: string): Problem {
  return new Problem(401, "EVT_UNAUTHENTICATED", detail, { headers: { "WWW-Authenticate": "Bearer" } });
}

/** Creates the 401 for a key that is not accepted (RFC 6750, section 3.1). */
export function invalidToken(detail: string): Problem {
  const headers = { "WWW-Authenticate": 'Bearer error="invalid_token"' };
  return new Problem(401, "EVT_UNAUTHENTICATED", detail, { headers });
}

/** @throws Problem 401 if the header is sent more than once */
function headerOf({ headers, rawHeaders = [] }: KeyRequest, name: string): string | undefined {
  const isName = (value: string, i: number) => i % 2 === 0 && value.toLowerCase() === name;
  if (rawHeaders.filter(isName).length > 1)
    throw invalidToken(`${name} is sent more than once; send it once`);
  const value = isFetch(headers) ? (headers.get(name) ?? undefined) : headers[name];
  return value === undefined ? undefined : String(value);
}

function isFetch(headers: KeyRequest["headers"]): headers is FetchHeaders {
  return typeof headers.get === "function";
}
