// `@evt/core/recipes`: mappings for the events of well-known senders. Each mapping is a starting point that you can copy
// and change.
export { fromBase64, fromJson, member } from "./decode.js";
export { eventGrid } from "./event-grid.js";
export { firehose } from "./firehose.js";
export { ga4 } from "./ga4.js";
export type { GithubRequest } from "./github.js";
export { github, githubEvent } from "./github.js";
export { mixpanelImport } from "./mixpanel-import.js";
export { openMeter } from "./open-meter.js";
export { otlpMetrics } from "./otlp-metrics.js";
export { paypal } from "./paypal.js";
export { pubsubPush } from "./pubsub-push.js";
export { segment } from "./segment.js";
export { sendgrid } from "./sendgrid.js";
export { shopify } from "./shopify.js";
export { sns } from "./sns.js";
export { stripe } from "./stripe.js";
