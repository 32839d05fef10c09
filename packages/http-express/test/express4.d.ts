/** Express 4 under another name. The parts used here have the types of version 5. */
declare module "express4" {
  export * from "express";
  export { default } from "express";
}
