import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./child.mjs";
import { root } from "./workspace.mjs";

const counted = "1000 processed, 1000 duplicates, sent by COPY";
const created = "a key of acme for ingest, read";
const expected = { service: "processed, duplicate, 1 1200", "every-entry": "every entry loads" };

/** A project outside this workspace, as a user has it, in which npm has installed the packed packages. */
export class Consumer {
  #folder;
  #tarballs;

  constructor(folder, tarballs) {
    this.#folder = folder;
    this.#tarballs = tarballs;
  }

  /** Returns the checks in order. Later checks need the files of earlier checks. */
  checks() {
    return {
      "consumer: npm installs the packed packages": () => this.#install(),
      "consumer: types under nodenext, ESM and CommonJS": () =>
        this.#compile("nodenext", ["--outDir", "out"]),
      "consumer: types under bundler": () => this.#compile("bundler", ["--noEmit"]),
      ...this.#runs("this Node", (file) => this.#run(process.execPath, [file])),
      ...this.#runs("Node 24", (file) => this.#run("npx", ["--yes", "node@24", file])),
    };
  }

  /** Returns checks that must run after the others, because they replace `pg`. */
  checksOnPostgres(url) {
    const lowest = lowestPg();
    const runOnPostgres = async (file, output) =>
      difference(await this.#run(process.execPath, [join("out", file)], { DATABASE_URL: url }), output);
    const count = () => runOnPostgres("postgres.mjs", counted);
    return {
      "consumer: counts on Postgres": count,
      "consumer: evt-keys creates a key that is accepted": () => runOnPostgres("keys.mjs", created),
      [`consumer: npm installs pg ${lowest}, the lowest version`]: () =>
        this.#npmInstall("--no-save", `pg@${lowest}`),
      [`consumer: counts on Postgres with pg ${lowest}`]: count,
    };
  }

  #runs(node, run) {
    return Object.fromEntries(
      Object.entries(expected).flatMap(([name, output]) =>
        [
          ["import", "mjs"],
          ["require", "cjs"],
        ].map(([way, extension]) => [
          `consumer: ${name} by ${way} on ${node}`,
          async () => difference(await run(join("out", `${name}.${extension}`)), output),
        ]),
      ),
    );
  }

  async #install() {
    mkdirSync(this.#folder);
    cpSync(join(root, "scripts", "consumer"), this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, "package.json"), JSON.stringify(this.#manifest()));
    return this.#npmInstall();
  }

  async #npmInstall(...packages) {
    const { code, output } = await this.#run("npm", ["install", "--no-audit", "--no-fund", ...packages]);
    return code === 0 ? "" : output;
  }

  #manifest() {
    const ours = Object.entries(this.#tarballs).map(([name, tarball]) => [name, `file:${tarball}`]);
    return {
      name: "consumer",
      private: true,
      dependencies: { ...Object.fromEntries(ours), ...theirs() },
    };
  }

  async #compile(resolution, options) {
    const module = resolution === "bundler" ? "preserve" : resolution;
    const { code, output } = await this.#run(process.execPath, [
      join("node_modules", "typescript", "bin", "tsc"),
      ...["service.mts", "service.cts", "every-entry.mts", "every-entry.cts", "postgres.mts", "keys.mts"],
      ...["--module", module, "--moduleResolution", resolution, "--target", "es2022", "--lib", "es2023"],
      ...["--strict", "--exactOptionalPropertyTypes", "--types", "node"],
      ...options,
    ]);
    return code === 0 ? "" : output;
  }

  #run(program, args, env = {}) {
    return runQuietly(program, args, { cwd: this.#folder, env: { ...process.env, ...env } });
  }
}

/** Returns the packages' peer dependencies and their types, in the versions that this repository tests. */
function theirs() {
  const { devDependencies: shared } = manifestOf("");
  const { devDependencies: core } = manifestOf("packages/core");
  const { devDependencies: express } = manifestOf("packages/http-express");
  const { devDependencies: fastify } = manifestOf("packages/http-fastify");
  const pick = (from, ...names) => Object.fromEntries(names.map((name) => [name, from[name]]));
  return {
    ...pick(shared, "typescript", "@types/node", "vitest", "pg", "@types/pg"),
    ...pick(core, "luxon", "@types/luxon"),
    ...pick(express, "express", "@types/express"),
    ...pick(fastify, "fastify"),
  };
}

/** Returns the lowest version of `pg` that store-postgres accepts. */
function lowestPg() {
  return manifestOf("packages/store-postgres").peerDependencies.pg.replace("^", "");
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}

function difference({ code, output }, wanted) {
  if (code === 0 && output.trim().endsWith(wanted)) return "";
  return `expected: ${wanted}\ngot (exit code ${code}): ${output.trim()}`;
}
