/** For programs that a test starts: they must not import vitest. */
export const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes ...").toString("base64")}`;
