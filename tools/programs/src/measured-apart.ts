import { Child } from "./child.js";

/** Runs a program in its own process and returns its only message. */
export async function measuredApart<T>(program: URL, request: unknown): Promise<T> {
  const child = await Child.of(program, request);
  try {
    return await child.message<T>();
  } finally {
    await child.end();
  }
}
