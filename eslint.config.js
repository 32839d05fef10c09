import tseslint from "typescript-eslint";

/** Biome checks everything else. Its own rules for promises do not follow an import of another package. */
export default [
  // the last folder is compiled outside this workspace, by `npm run check:packages`
  { ignores: ["**/dist/**", "**/*.{js,mjs,cjs}", "scripts/consumer/**"] },
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: {
        project: ["tsconfig.json", "examples/dashboard/web/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
    },
  },
];
