/** Remembers what it is told first: those who must leave the same rows each tell it their digest. It throws where two differ. */
export function agreement(): (digest: string) => void {
  let first: string | undefined;
  return (digest) => {
    first ??= digest;
    if (digest !== first) throw new Error("the floor and the store were to write the same rows, and did not");
  };
}
