import { hash } from "node:crypto";

/** Returns the SHA-256 of the UTF-8 bytes of a string: 64 lower-case hex digits. */
export type Sha256 = (text: string) => string;

/** Returns the SHA-256 of the UTF-8 bytes of `text`: 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}
