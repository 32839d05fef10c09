import { Child } from "./child.js";

/** What a program answers that measures once, in a process of its own: its first and only message. */
export async function measuredApart<T>(program: URL, request: unknown): Promise<T> {
  const child = await Child.of(program, request);
  try {
    return await child.message<T>();
  } finally {
    await child.end();
  }
}
