export { markdownTable } from "./markdown-table.js";
export { median } from "./median.js";
