import { initial } from "./0001-initial.js";
import { replay } from "./0002-replay.js";
import { outbox } from "./0003-outbox.js";

/** A step of the schema. Once released it never changes: a further step follows it. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** Several statements, all in the schema given. */
  readonly sql: string;
}

/** Every step in its order, with the SQL that `migrate` runs. `schema` is an identifier, quoted. */
export function migrationsIn(schema: string): readonly Migration[] {
  return [
    { version: 1, name: "initial", sql: initial(schema) },
    { version: 2, name: "replay", sql: replay(schema) },
    { version: 3, name: "outbox", sql: outbox(schema) },
  ];
}
