/** The store in which the example stores its events. */
export type StoreSettings =
  | { readonly kind: "embedded"; readonly dataDir: string }
  | { readonly kind: "memory" }
  | { readonly kind: "postgres"; readonly url: string };

export interface Settings {
  readonly host: string;
  /** The port. 0 selects a free port. */
  readonly port: number;
  /** Further host names that requests may use. */
  readonly allowedHosts: readonly string[];
  readonly store: StoreSettings;
  /** Whether to fill the store with the real data at the start. */
  readonly seed: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A reason why the server cannot start. The message is printed without a stack. */
export class StartError extends Error {}

/** Reads the settings. @throws StartError that names the wrong variable or argument */
export function settingsFrom(environment: Environment, args: readonly string[]): Settings {
  const unknown = args.find((arg) => arg !== "--seed");
  if (unknown !== undefined) throw new StartError(`unknown argument ${unknown}; there is only --seed`);
  return {
    host: environment.HOST || "127.0.0.1",
    port: portFrom(environment.PORT || "3000"),
    allowedHosts: hostsFrom(environment.ALLOWED_HOSTS ?? ""),
    store: storeFrom(environment),
    seed: args.includes("--seed"),
  };
}

function portFrom(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new StartError(`PORT is "${text}"; it must be a whole number from 0 to 65535`);
}

function hostsFrom(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim().toLowerCase());
  const wrong = names.find((name) => /[\s/]|[^\]]:\d*$/.test(name));
  if (wrong === undefined) return names.filter((name) => name !== "");
  throw new StartError(
    `ALLOWED_HOSTS has "${wrong}"; give names without protocol, port and path, separated by commas`,
  );
}

/** Without `EVT_STORE`, a `DATABASE_URL` selects that database. */
function storeFrom(environment: Environment): StoreSettings {
  const url = environment.DATABASE_URL;
  const kind = environment.EVT_STORE || (url ? "postgres" : "embedded");
  switch (kind) {
    case "memory":
      return { kind };
    case "embedded":
      return { kind, dataDir: environment.EVT_DATA_DIR || ".data" };
    case "postgres":
      if (!url) throw new StartError("EVT_STORE is postgres; DATABASE_URL must name the database");
      return { kind, url };
    default:
      throw new StartError(`EVT_STORE is "${kind}"; it must be embedded, memory or postgres`);
  }
}
