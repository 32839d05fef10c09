/**
 * Returns the bytes of a body that the host has kept in `rawBody` of its request, as NestJS and Google Cloud Functions do.
 */
export function rawBodyOf(native: unknown): Buffer | undefined {
  const { rawBody } = native as { readonly rawBody?: unknown };
  return Buffer.isBuffer(rawBody) ? rawBody : undefined;
}
