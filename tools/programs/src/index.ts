export { Child } from "./child.js";
export { compiled } from "./compiled.js";
export { measuredApart } from "./measured-apart.js";
