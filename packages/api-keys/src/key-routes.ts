import { type ExtraEndpoint, type ExtraRequest, type ExtraRoute, Problem } from "@evt/http";
import type { ApiKeys } from "./api-keys.js";
import { type CreateKeyOptions, InvalidKeyOption, type RotateKeyOptions } from "./key-options.js";

/** Returns the routes that manage the keys of the caller's tenant. */
export function keyRoutes(
  keys: Pick<ApiKeys, "create" | "list" | "rotate" | "revoke">,
): readonly ExtraRoute[] {
  return [
    { path: "/keys", scope: "admin", parameters: ["limit", "cursor"], get: list(keys), post: create(keys) },
    { path: "/keys/:id/rotate", scope: "admin", post: rotate(keys) },
    { path: "/keys/:id/revoke", scope: "admin", post: revoke(keys) },
  ];
}

function list(keys: Pick<ApiKeys, "list">): ExtraEndpoint {
  return async (request) => {
    const { limit, cursor } = request.parameters;
    const page = {
      ...(limit !== undefined && { limit: /^\d+$/.test(limit) ? Number(limit) : Number.NaN }),
      ...(cursor !== undefined && { cursor }),
    };
    return { status: 200, body: await keys.list({ tenantId: wholeTenant(request), ...page }) };
  };
}

function create(keys: Pick<ApiKeys, "create">): ExtraEndpoint {
  return async (request) => {
    const tenantId = wholeTenant(request);
    const members = await membersOf(request, ["scopes", "clientId", "name", "expiresAt"]);
    return {
      status: 201,
      body: await checking(() => keys.create({ ...members, tenantId } as CreateKeyOptions)),
    };
  };
}

function rotate(keys: Pick<ApiKeys, "rotate">): ExtraEndpoint {
  return async (request) => {
    const tenantId = wholeTenant(request);
    const members = await membersOf(request, ["expireOldAt", "expiresAt"]);
    const options = { ...members, tenantId, id: request.id } as RotateKeyOptions;
    const { outcome, ...created } = await checking(() => keys.rotate(options));
    if (outcome === "rotated") return { status: 201, body: created };
    if (outcome === "unknown") throw unknownKey();
    const why = outcome === "already_rotated" ? "was already rotated" : `is ${outcome}`;
    throw new Problem(409, "EVT_KEY_NOT_LIVE", `the API key ${why}; only a live key can be rotated, once`);
  };
}

function revoke(keys: Pick<ApiKeys, "revoke">): ExtraEndpoint {
  return async (request) => {
    const tenantId = wholeTenant(request);
    await membersOf(request, []);
    const apiKey = await keys.revoke({ tenantId, id: request.id });
    if (apiKey === null) throw unknownKey();
    return { status: 200, body: { apiKey } };
  };
}

/** Refuses a caller that is bound to a client, because it could create a key for the whole tenant. */
function wholeTenant({ tenantId, clientId }: ExtraRequest): string {
  if (clientId === null) return tenantId;
  const detail =
    "a caller that is bound to a client may not manage keys; use credentials of the whole tenant";
  throw new Problem(403, "EVT_FORBIDDEN", detail);
}

/** Returns the members of the body. An absent body has none. @throws Problem 422 if the body is not an object with these members */
async function membersOf(
  request: ExtraRequest,
  known: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const body = (await request.body()) ?? {};
  if (typeof body !== "object" || Array.isArray(body)) throw invalid("the body must be a JSON object");
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return body as Readonly<Record<string, unknown>>;
  const allowed = known.length === 0 ? "it may have none" : `it may have ${known.join(", ")}`;
  throw invalid(`the body has the unknown member ${JSON.stringify(unknown.slice(0, 64))}; ${allowed}`);
}

/** Sends the message of an invalid option to the client. */
async function checking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof InvalidKeyOption ? invalid(error.message) : error;
  }
}

function invalid(detail: string): Problem {
  return new Problem(422, "EVT_INVALID_BODY", detail);
}

function unknownKey(): Problem {
  return new Problem(404, "EVT_NOT_FOUND", "no API key has this id");
}
