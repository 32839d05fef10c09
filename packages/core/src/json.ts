// `@evt/core/json`: for pages that check JSON before they send it. It runs in browsers.
export type { NotJson } from "./json/json-reader.js";
export { whyNotJson } from "./json/json-reader.js";
export type { LineAndColumn } from "./json/line-and-column.js";
export { lineAndColumn } from "./json/line-and-column.js";
