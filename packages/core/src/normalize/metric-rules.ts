import { causedIssue, type Issue } from "../issue.js";
import type { StandardIssue, StandardSchema } from "./standard-schema.js";

/** For each metric a synchronous validator over the raw event. Its output is ignored: a rule refuses, it never rewrites. */
export type MetricRules = Readonly<Record<string, StandardSchema>>;

/** A validator may find something wrong with each of ten thousand elements, and quote them: all of it would be stored. */
const MOST_ISSUES = 100;
const MOST_CHARS = 500;

/** What the metric's rule has against the raw event, the first 100 issues; empty where there is no rule. */
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
