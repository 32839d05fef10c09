import {
  EvtError,
  type EvtTenant,
  type IngestManyOptions,
  type IngestReport,
  isEvtError,
  type Outcome,
} from "@evt/core";
import { TimeSlice } from "@evt/core/adapter";
import type { EventBudget } from "../access/rate-limits.js";
import type { BodyShare } from "../body/body-budget.js";
import { bodyStream } from "../body/body-stream.js";
import { linesOf } from "../body/lines.js";
import { ClientGone } from "../body/read-body.js";
import type { SentBody } from "../body/sent-body.js";
import { type SentLine, sentLine } from "../body/sent-lines.js";
import type { Limits } from "../limits.js";
import { Problem } from "../problem.js";
import { LineSummary, refusedLine, resultLine } from "../responses/line-results.js";
import { problemOf } from "../responses/problem-of.js";

/** A chunk ends when it has this many lines, or at least this many characters. */
const CHUNK_LINES = 500;
const CHUNK_CHARS = 1024 * 1024;
/** Maximum number of chunks that are counted at the same time. */
const IN_FLIGHT = 2;
/** The pause before the next try if the queue is full, in milliseconds. */
const FULL_PAUSE_MS = 50;

export interface PostLines {
  readonly tenant: EvtTenant;
  readonly options: IngestManyOptions;
  readonly limits: Limits;
  readonly share: BodyShare;
  readonly eventBudget: EventBudget;
  readonly gone: AbortSignal;
  /** Maps an outcome to the one that the caller may see. */
  readonly shown: (outcome: Outcome) => Outcome;
  readonly reportError: (error: unknown) => void;
}

type Chunk = readonly SentLine[];
type Counted =
  | { readonly chunk: Chunk; readonly report: IngestReport }
  | { readonly chunk: Chunk; readonly error: unknown };

/**
 * Counts the lines of a body of NDJSON in chunks. Yields the results of each chunk in the order of the lines, and a summary at
 * the end. Reads the body no faster than the caller takes the results. Begins no further chunk when a result is `failed`, or when
 * no budget of events is left.
 * @throws Problem, EvtError if the body has no line, or if the first chunk fails · ClientGone
 */
export async function* postLines(req: SentBody, call: PostLines): AsyncGenerator<string> {
  const summary = new LineSummary();
  const inFlight: Promise<Counted>[] = [];
  const chunks = chunksOf(req, call);
  let begun = false;
  const settle = async () => {
    const counted = await (inFlight.shift() as Promise<Counted>);
    if (!begun) requireCounted(counted);
    begun = true;
    return resultsOf(counted, summary, call);
  };
  try {
    let next = 1;
    let end: BodyEnd | undefined;
    while (end === undefined && !summary.hasStopped) {
      const step = await nextOf(chunks);
      if ("isEnd" in step) end = step;
      else if (next > 1 && !call.eventBudget.hasLeft()) {
        // an event in flight may fail; its line is then `resendFrom`
        while (inFlight.length > 0) yield await settle();
        noteError(outOfBudget(), numberOf(step.chunk[0]), summary, call);
      } else {
        next = numberOf(step.chunk.at(-1)) + 1;
        inFlight.push(count(step.chunk, call));
        if (inFlight.length >= IN_FLIGHT) yield await settle();
      }
    }
    while (inFlight.length > 0) yield await settle();
    if (end?.error instanceof ClientGone) throw end.error;
    if (!begun)
      throw end?.error ?? new Problem(400, "EVT_BODY_EMPTY", "body is empty; send one event in each line");
    if (end?.error !== undefined) noteError(end.error, next, summary, call);
    yield summary.toLine();
  } finally {
    void chunks.return(undefined);
  }
}

/** The end of a body. `error` is the error that prevents further reading, if there is one. */
interface BodyEnd {
  readonly isEnd: true;
  readonly error?: unknown;
}

async function nextOf(chunks: AsyncGenerator<Chunk>): Promise<{ readonly chunk: Chunk } | BodyEnd> {
  try {
    const { done, value } = await chunks.next();
    return done ? { isEnd: true } : { chunk: value };
  } catch (error) {
    return { isEnd: true, error };
  }
}

/** @throws the error of the first chunk, so that the response is a problem */
function requireCounted(counted: Counted): void {
  if ("error" in counted) throw counted.error;
  const failed = counted.report.outcomes.find((outcome) => outcome.outcome === "failed");
  if (failed === undefined) return;
  const { error, cause } = failed;
  throw new EvtError(
    error.code,
    `${error.message}; send all lines again: events that were counted will be duplicates`,
    { cause },
  );
}

async function* chunksOf(req: SentBody, { limits, share, gone }: PostLines): AsyncGenerator<Chunk> {
  let chunk: SentLine[] = [];
  let chars = 0;
  let failure: { readonly error: unknown } | undefined;
  const slice = new TimeSlice();
  try {
    for await (const line of linesOf(bodyStream(req, limits, share), limits.bytes)) {
      if (slice.isOver) await slice.next();
      const sent = await sentLine(line, limits);
      chunk.push(sent);
      chars += "problem" in sent ? 0 : sent.rawJson.length;
      share.grow(chars * IN_FLIGHT);
      if (chunk.length < CHUNK_LINES && chars < CHUNK_CHARS) continue;
      yield chunk;
      chunk = [];
      chars = 0;
    }
  } catch (error) {
    failure = { error };
  }
  if (gone.aborted || failure?.error instanceof ClientGone) throw new ClientGone();
  if (chunk.length > 0) yield chunk;
  if (failure !== undefined) throw failure.error;
}

/** Counts one chunk. Never rejects. */
async function count(chunk: Chunk, { tenant, options, gone, eventBudget }: PostLines): Promise<Counted> {
  const events = chunk.filter((line) => "raw" in line);
  const raws = events.map(({ raw }) => raw);
  const rawJson = events.map(({ rawJson }) => rawJson);
  for (;;) {
    try {
      const report = await tenant.ingestMany(raws, { ...options, rawJson });
      eventBudget.addProcessed(report.processed);
      return { chunk, report };
    } catch (error) {
      // a full queue only delays the stream
      if (!isEvtError(error, "EVT_OVERLOADED") || gone.aborted) return { chunk, error };
      await new Promise((resolve) => setTimeout(resolve, FULL_PAUSE_MS));
    }
  }
}

function resultsOf(counted: Counted, summary: LineSummary, call: PostLines): string {
  const { chunk } = counted;
  if ("error" in counted) {
    noteError(counted.error, numberOf(chunk[0]), summary, call);
    return "";
  }
  const { report } = counted;
  summary.add(report);
  const numbers = chunk.filter((line) => "raw" in line).map(({ number }) => number);
  const byLine = new Map<number, string>();
  for (const [i, outcome] of report.outcomes.entries()) {
    const number = numbers[outcome.place?.index ?? i] as number;
    byLine.set(number, (byLine.get(number) ?? "") + resultLine(call.shown(outcome), number));
    if (outcome.outcome === "failed") noteFailed(outcome, number, summary, call);
  }
  for (const line of chunk) {
    if (!("problem" in line)) continue;
    summary.addRefused();
    byLine.set(line.number, refusedLine(line.problem, line.number));
  }
  return chunk.map(({ number }) => byLine.get(number) ?? "").join("");
}

function noteFailed(
  { error, cause }: Extract<Outcome, { outcome: "failed" }>,
  line: number,
  summary: LineSummary,
  { reportError }: PostLines,
): void {
  if (summary.hasStopped) return;
  reportError(cause ?? error);
  summary.stop(
    line,
    new Problem(503, error.code, `line ${line} failed; send the lines again from this line on`),
  );
}

function noteError(error: unknown, line: number, summary: LineSummary, { reportError }: PostLines): void {
  if (summary.hasStopped) return;
  const { status, code, message } = problemOf(error);
  if (status >= 500) reportError(error);
  summary.stop(line, new Problem(status, code, message));
}

function outOfBudget(): Problem {
  const detail =
    "this caller has used up its budget of events; send the lines again from this line on, later";
  return new Problem(429, "EVT_RATE_LIMITED", detail);
}

function numberOf(line: SentLine | undefined): number {
  return line?.number ?? 0;
}
