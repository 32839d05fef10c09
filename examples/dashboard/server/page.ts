import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Response, type Router } from "express";

const BUILT = join(dirname(fileURLToPath(import.meta.url)), "..", "dist", "page");

/**
 * Serves the built page. Files in `assets` have a hash in their name, so browsers may cache them for a year. Browsers
 * revalidate other files.
 */
export function pageRouter(folder = BUILT): Router {
  const router = express.Router();
  router.use(express.static(folder, { cacheControl: false, setHeaders }));
  return router;
}

function setHeaders(res: Response, path: string): void {
  const isImmutable = path.includes(`${sep}assets${sep}`);
  res.set("Cache-Control", isImmutable ? "public, max-age=31536000, immutable" : "no-cache");
}
