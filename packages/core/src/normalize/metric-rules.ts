import { causedIssue, type Issue } from "../issue.js";
import type { StandardIssue, StandardSchema } from "./standard-schema.js";

/**
 * For each metric, a synchronous validator of the raw event. evt ignores the validator's output: a rule can reject an
 * event but cannot change it.
 *
 * @example
 * const rules: MetricRules = { order: z.object({ currency: z.enum(["EUR", "USD"]) }) };
 */
export type MetricRules = Readonly<Record<string, StandardSchema>>;

/** Limits the stored issues, because a validator may report thousands of elements. */
const MOST_ISSUES = 100;
const MOST_CHARS = 500;

/** Returns the issues that the rule of the metric reports, at most 100. */
export function brokenRules(rules: MetricRules, metric: string, raw: unknown): readonly Issue[] {
  const rule = Object.hasOwn(rules, metric) ? rules[metric] : undefined;
  if (rule === undefined) return [];
  try {
    const result = rule["~standard"].validate(raw);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      return [unusable(metric, "it is asynchronous; rules must be synchronous")];
    }
    return (result.issues ?? []).slice(0, MOST_ISSUES).map(ruleIssue);
  } catch (error) {
    return [causedIssue(unusable(metric, "it threw; its error is the cause of this issue"), error)];
  }
}

function ruleIssue(issue: StandardIssue): Issue {
  const path = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step)).join(".");
  return { code: "rule_failed", path: shortened(path), message: shortened(String(issue.message)) };
}

function shortened(text: string): string {
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS).toWellFormed()}…` : text;
}

function unusable(metric: string, why: string): Issue {
  return {
    code: "rule_unusable",
    path: "",
    message: `the rule of metric ${JSON.stringify(metric)} cannot be used: ${why}`,
  };
}
