import { useMemo, useSyncExternalStore } from "react";

/**
 * The state of the page, read from the address's hash: `#/events?status=failed` is the view `events` with one
 * parameter.
 */
export interface HashLocation {
  readonly view: string;
  readonly params: URLSearchParams;
}

export type Parameters = Readonly<Record<string, string | null | undefined>>;

function subscribe(onChange: () => void): () => void {
  window.addEventListener("hashchange", onChange);
  return () => window.removeEventListener("hashchange", onChange);
}

function parseHash(hash: string): HashLocation {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  return { view: path, params: new URLSearchParams(query) };
}

/** Returns a link to a view. Omits empty parameters, so that equal states have equal addresses. */
export function hrefTo(view: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value) query.set(name, value);
  }
  const text = query.toString();
  return text ? `#/${view}?${text}` : `#/${view}`;
}

/** Returns the current link with changed parameters. A value of `null` removes the parameter. */
export function hrefWith(location: HashLocation, changes: Parameters): string {
  return hrefTo(location.view, { ...Object.fromEntries(location.params), ...changes });
}

/** Goes to an address. `push` adds an entry to the browser's history, `replace` replaces the current entry. */
export function navigate(href: string, how: "push" | "replace" = "push"): void {
  if (how === "push") {
    window.location.hash = href;
    return;
  }
  window.history.replaceState(null, "", href);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

export function useHashLocation(): HashLocation {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseHash(hash), [hash]);
}
