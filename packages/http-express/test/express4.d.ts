/** Express 4 under a name of its own. What is used of it here has the types of 5. */
declare module "express4" {
  export * from "express";
  export { default } from "express";
}
