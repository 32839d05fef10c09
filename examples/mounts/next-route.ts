// app/api/[...path]/route.ts
import { toFetchHandler } from "@evt/http";
import { callerOf, evt } from "./evt.js";

const events = toFetchHandler({
  evt,
  authenticate: (request) => callerOf(request.headers.get("authorization")),
  basePath: "/api",
});

export const dynamic = "force-dynamic"; // Next.js must not cache responses
export {
  events as DELETE,
  events as GET,
  events as HEAD,
  events as OPTIONS,
  events as PATCH,
  events as POST,
  events as PUT,
};
