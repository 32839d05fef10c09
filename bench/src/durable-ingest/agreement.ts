/**
 * Returns a function that compares the digests of contestants that must store the same rows. The function throws if two
 * digests differ.
 */
export function agreement(): (digest: string) => void {
  let first: string | undefined;
  return (digest) => {
    first ??= digest;
    if (digest !== first) throw new Error("the floor and the store wrote different rows");
  };
}
