import type { Mapping } from "../normalize/mapping.js";
import { arrayIn, member } from "./decode.js";

/**
 * OpenTelemetry metrics as OTLP/JSON (`POST /v1/metrics`). Only points of delta sums can be added up, so a request with
 * any other metric is rejected as a whole. The client is the resource's `service.name`, and the metric's unit is the unit.
 * The scope, the attributes and the exact times also identify a point.
 */
export const otlpMetrics: Mapping = {
  unwrap: (raw) => arrayIn(raw, "resourceMetrics").flatMap(pointsOf),
  containers: [],
  fields: {
    clientId: "service",
    metric: "metric",
    amount: ["asInt", "asDouble"],
    unit: "unit",
    timestamp: "timeUnixMicro",
  },
  identity: { fields: ["timeUnixNano", "startTimeUnixNano", "scope", "attributes"] },
};

const DELTA: readonly unknown[] = [1, "AGGREGATION_TEMPORALITY_DELTA"];

function pointsOf(resourceMetrics: unknown): readonly unknown[] {
  const attributes = member(resourceMetrics, "resource", "attributes") ?? [];
  const names = (attributes as readonly unknown[]).filter((each) => member(each, "key") === "service.name");
  const service = member(names[0], "value", "stringValue");
  return arrayIn(resourceMetrics, "scopeMetrics").flatMap((scopeMetrics) =>
    arrayIn(scopeMetrics, "metrics").flatMap((metric) =>
      deltaPoints(metric).map((point) => {
        const micros = BigInt(String(member(point, "timeUnixNano"))) / 1_000n;
        const scope = member(scopeMetrics, "scope", "name");
        return {
          ...(point as object),
          service,
          scope,
          metric: member(metric, "name"),
          // absent and empty mean the same in OTLP
          unit: member(metric, "unit") || undefined,
          timeUnixMicro: String(micros),
        };
      }),
    ),
  );
}

function deltaPoints(metric: unknown): readonly unknown[] {
  if (DELTA.includes(member(metric, "sum", "aggregationTemporality")))
    return arrayIn(metric, "sum", "dataPoints");
  throw new Error(
    `metric ${JSON.stringify(member(metric, "name"))} is not a delta sum, so its points cannot be added up`,
  );
}
