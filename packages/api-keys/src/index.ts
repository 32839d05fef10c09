// for applications
// for store authors
export type { ApiKey, StoredApiKey } from "./api-key.js";
export type { ApiKeyStore, KeyPage, KeyPlace, Rotation } from "./api-key-store.js";
export type { ApiKeys, ApiKeysOptions, CreatedKey, KeyCaller, KeyClock, RotatedKey } from "./api-keys.js";
export { createApiKeys } from "./create-api-keys.js";
export type { FetchHeaders, KeyRequest, NodeHeaders } from "./credentials.js";
export type { KeyList, ListKeysOptions } from "./key-list.js";
export type { CreateKeyOptions, RotateKeyOptions } from "./key-options.js";
export type { ParsedApiKey } from "./key-text.js";
export { isApiKey, parseApiKey } from "./key-text.js";
export { MemoryApiKeyStore } from "./memory-key-store.js";
