import { EvtError } from "./evt-error.js";
import { quoted } from "./quoted.js";

/**
 * Returns the options of a call with the client that the view is bound to as the vouched client.
 * @throws TypeError if the options name another client
 */
export function withVouched<Options extends { readonly clientId?: string | undefined }>(
  bound: string | undefined,
  options: Options,
): Options {
  if (bound === undefined) return options;
  if (options.clientId === undefined || options.clientId === bound) return { ...options, clientId: bound };
  throw new TypeError(`clientId is ${quoted(options.clientId)}; this view is bound to ${quoted(bound)}`);
}

/**
 * Returns the client whose entries a read may return. `undefined` if the read may return entries of all clients.
 * @throws EvtError `EVT_FORBIDDEN` if the view is bound to another client than the query names
 */
export function visibleClient(
  bound: string | undefined,
  { clientId: asked }: { readonly clientId?: string | undefined },
): string | undefined {
  if (bound === undefined || asked === undefined || asked === bound) return bound;
  const message = `clientId ${quoted(asked)} does not match the caller's, ${quoted(bound)}; leave it out`;
  throw new EvtError("EVT_FORBIDDEN", message, { parameter: "clientId" });
}

/**
 * A replay may count an event for a client that did not send it, so a bound view must not replay.
 * @throws EvtError `EVT_FORBIDDEN` if the view is bound to a client
 */
export function refuseReplay(bound: string | undefined): void {
  if (bound !== undefined)
    throw new EvtError("EVT_FORBIDDEN", "a client may not replay; use credentials of the tenant");
}
