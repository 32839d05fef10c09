/** For programs, which do not run in a test. */
export const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes ...").toString("base64")}`;
