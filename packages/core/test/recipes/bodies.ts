// Made-up bodies in the public formats of these senders. All ids, names and amounts are invented.

export const segmentBatch = {
  batch: [
    {
      type: "track",
      userId: "user-17",
      event: "Report Exported",
      properties: { format: "pdf", value: 3 },
      timestamp: "2024-03-05T09:15:00.120Z",
      messageId: "segment-0001",
    },
    {
      type: "identify",
      anonymousId: "anonymous-4",
      traits: { plan: "team" },
      timestamp: "2024-03-05T09:15:01Z",
      messageId: "segment-0002",
    },
  ],
  writeKey: "write-key-of-the-source",
  sentAt: "2024-03-05T09:15:02Z",
};

export const sendgridEvents = [
  {
    email: "someone@example.com",
    timestamp: 1709630100,
    "smtp-id": "<mail-1@example.com>",
    event: "delivered",
    category: ["newsletter"],
    sg_event_id: "sg-event-0001",
    sg_message_id: "sg-message-0001.recvd",
    amount: "a custom argument",
  },
  {
    email: "someone@example.com",
    timestamp: 1709630160,
    event: "open",
    sg_event_id: "sg-event-0002",
    sg_message_id: "sg-message-0001.recvd",
    useragent: "Example/1.0",
  },
];

export const stripeEvent = {
  id: "evt_0001",
  object: "event",
  account: "acct_0001",
  api_version: "2024-06-20",
  created: 1709630100,
  type: "charge.succeeded",
  livemode: false,
  pending_webhooks: 1,
  data: {
    object: {
      id: "ch_0001",
      object: "charge",
      amount: 2599,
      amount_refunded: 0,
      created: 1709630099,
      currency: "eur",
      refunds: { object: "list", data: [{ id: "re_0001", amount: 1 }] },
    },
  },
};

export const shopifyOrder = {
  id: 450789469,
  admin_graphql_api_id: "gid://shopify/Order/450789469",
  created_at: "2024-03-05T10:15:00+01:00",
  currency: "EUR",
  name: "#1001",
  source_name: "web",
  subtotal_price: "59.00",
  total_price: "64.95",
  total_tax: "10.37",
  line_items: [
    { id: 1, title: "Notebook", name: "Notebook - A5", quantity: 2, price: "12.50" },
    { id: 2, title: "Pen", name: "Pen - blue", quantity: 4, price: "8.50" },
  ],
};

export const githubPush = {
  ref: "refs/heads/main",
  before: "0".repeat(40),
  after: "1".repeat(40),
  repository: { id: 1, name: "example", full_name: "octo/example", created_at: 1_600_000_000 },
  sender: { login: "octo", id: 2, type: "User" },
  commits: [
    { id: "1".repeat(40), message: "Add a file", timestamp: "2024-03-05T09:15:00Z", added: ["a.txt"] },
    { id: "2".repeat(40), message: "Add another", timestamp: "2024-03-05T09:16:00Z", added: ["b.txt"] },
  ],
};

export const paypalCapture = {
  id: "WH-0001",
  event_version: "1.0",
  create_time: "2024-03-05T09:15:00.000Z",
  resource_type: "capture",
  resource_version: "2.0",
  event_type: "PAYMENT.CAPTURE.COMPLETED",
  summary: "Payment completed for 57.00 USD",
  resource: {
    id: "capture-0001",
    amount: { currency_code: "USD", value: "57.00" },
    payee: { merchant_id: "MERCHANT0001" },
    status: "COMPLETED",
  },
  links: [
    { href: "https://api.example.com/v1/webhooks-events/WH-0001", rel: "self", method: "GET" },
    { href: "https://api.example.com/v1/webhooks-events/WH-0001/resend", rel: "resend", method: "POST" },
  ],
};

export const snsNotification = {
  Type: "Notification",
  MessageId: "00000000-0000-4000-8000-000000000001",
  TopicArn: "arn:aws:sns:eu-central-1:000000000000:orders",
  Subject: "Order",
  Message: '{"client":"shop","type":"order","amount":"19.90"}',
  Timestamp: "2024-03-05T09:15:00.000Z",
  SignatureVersion: "1",
  Signature: "c2lnbmF0dXJl",
  SigningCertURL: "https://sns.example.com/certificate.pem",
  UnsubscribeURL: "https://sns.example.com/unsubscribe",
};

const base64 = (event: unknown) => Buffer.from(JSON.stringify(event)).toString("base64");

export const pubsubMessage = {
  message: {
    attributes: { origin: "billing" },
    data: base64({ client: "shop", type: "größe", amount: 4 }),
    messageId: "10000000001",
    message_id: "10000000001",
    publishTime: "2024-03-05T09:15:00.371Z",
  },
  subscription: "projects/example/subscriptions/evt",
};

export const firehoseRequest = {
  requestId: "request-0001",
  timestamp: 1709630100000,
  records: [
    { data: base64({ client: "shop", type: "view", amount: 1 }) },
    { data: base64({ client: "shop", type: "view", amount: 1 }) },
  ],
};

export const eventGridEvents = [
  {
    id: "grid-0001",
    topic: "/subscriptions/0/resourceGroups/example/providers/Microsoft.EventGrid/topics/orders",
    subject: "orders/17",
    eventType: "Example.OrderPlaced",
    eventTime: "2024-03-05T09:15:00.1234567Z",
    data: { amount: 19.9, count: 2 },
    dataVersion: "1.0",
    metadataVersion: "1",
  },
];

const point = (asInt: string, path: string) => ({
  attributes: [{ key: "http.route", value: { stringValue: path } }],
  startTimeUnixNano: "1709630040000000000",
  timeUnixNano: "1709630100000000000",
  asInt,
});

export const otlpRequest = {
  resourceMetrics: [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "checkout" } }] },
      scopeMetrics: [
        {
          scope: { name: "http", version: "1.0.0" },
          metrics: [
            {
              name: "http.server.requests",
              unit: "1",
              sum: {
                aggregationTemporality: 1,
                isMonotonic: true,
                dataPoints: [point("5", "/a"), point("5", "/b")],
              },
            },
          ],
        },
      ],
    },
  ],
};

export const ga4Payload = {
  client_id: "1000000001.1700000000",
  timestamp_micros: "1709630100000000",
  non_personalized_ads: false,
  events: [
    {
      name: "purchase",
      params: {
        currency: "EUR",
        value: 30.03,
        transaction_id: "T1",
        items: [{ item_id: "a", price: 10.01, quantity: 3 }],
      },
    },
    { name: "page_view", params: { page_location: "https://example.com/a" } },
    { name: "page_view", params: { page_location: "https://example.com/b" } },
  ],
};

export const mixpanelEvents = [
  {
    event: "Signed Up",
    properties: { time: 1709630100, distinct_id: "user-17", $insert_id: "mixpanel-0001", plan: "team" },
  },
  {
    event: "Credits Bought",
    properties: { time: 1709630100123, distinct_id: "user-17", $insert_id: "mixpanel-0002", amount: 250 },
  },
];

export const openMeterEvent = {
  specversion: "1.0",
  type: "tokens",
  id: "00001",
  time: "2024-03-05T09:15:00Z",
  source: "api-gateway",
  subject: "customer-1",
  data: { value: "120", model: "example-1" },
};
