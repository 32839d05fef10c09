/** Exits with a clear message if this Node is too old. */
export function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  // keep in step with "engines" in package.json
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (fits) return;
  console.error(
    `evt needs Node 20 (20.19 or later), or 22.12 or later; this is Node ${process.versions.node}`,
  );
  process.exit(1);
}
