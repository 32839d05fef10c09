export { type Fault, PostgresProxy } from "./postgres-proxy.js";
