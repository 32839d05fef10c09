import { type Caller, Problem, type Scope } from "@evt/http-express";
import type { Request } from "express";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const issuer = process.env.ISSUER ?? "";
const keySet = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
const rules = { issuer, audience: "evt", algorithms: ["ES256"], requiredClaims: ["exp"] };

export async function authenticate(req: Request): Promise<Caller | null> {
  const [, token] = /^Bearer (\S+)$/i.exec(req.get("Authorization") ?? "") ?? [];
  if (token === undefined) return null; // 401
  const { tenant, client, scope } = await claimsOf(token);
  if (typeof tenant !== "string") throw invalid("the token names no tenant");
  if (client !== undefined && typeof client !== "string") throw invalid("the token has an invalid client");
  const scopes = String(scope ?? "").split(" ");
  return { tenantId: tenant, clientId: client, scopes: SCOPES.filter((each) => scopes.includes(each)) };
}

const SCOPES: readonly Scope[] = ["ingest", "read", "replay"];

async function claimsOf(token: string) {
  try {
    return (await jwtVerify(token, keySet, rules)).payload;
  } catch (error) {
    const isOfToken = error instanceof errors.JOSEError && IN_TOKEN.test(error.code);
    throw isOfToken ? invalid("the token is not valid") : error; // such as an unreachable provider: 500
  }
}

const IN_TOKEN = /^ERR_(?:JWT|JWS|JWKS_NO_MATCHING_KEY|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED)/;

function invalid(detail: string): Problem {
  const headers = { "WWW-Authenticate": 'Bearer error="invalid_token"' };
  return new Problem(401, "INVALID_TOKEN", detail, { headers });
}
