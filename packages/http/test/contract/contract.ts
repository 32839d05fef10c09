import { beforeEach, describe, expect, it, type RunnerTask } from "vitest";
import { describeAccess } from "./access.js";
import { describeBeaconsAndForms } from "./beacons-and-forms.js";
import { describeBodies } from "./bodies.js";
import { describeBoundCallers } from "./bound-callers.js";
import { describeCloudEventModes } from "./cloud-event-modes.js";
import { describeCloudEvents } from "./cloud-events.js";
import { describeConnections } from "./connections.js";
import { describeCors } from "./cors.js";
import { describeCounts } from "./counts.js";
import { describeCrossSite } from "./cross-site.js";
import { describeEchoedHeaders } from "./echoed-headers.js";
import { describeEntityTags } from "./entity-tags.js";
import { describeEnvelopes } from "./envelopes.js";
import { describeExports } from "./exports.js";
import { describeHealth } from "./health.js";
import { describeLimits } from "./limits.js";
import type { Mount } from "./mount.js";
import { describeMountPaths } from "./mount-paths.js";
import { describeNdjson } from "./ndjson.js";
import { describeNextPages } from "./next-pages.js";
import { describePostEvents } from "./post-events.js";
import { describeQueries } from "./queries.js";
import { describeRawEvents } from "./raw-events.js";
import { describeReadBodies } from "./read-bodies.js";
import { describeReadingEvents } from "./reading-events.js";
import { describeReplay } from "./replay.js";
import { describeRouter } from "./router.js";
import { describeSlowReaders } from "./slow-readers.js";
import { describeTimestamps } from "./timestamps.js";
import { describeTwins } from "./twins.js";

type Suite = (mount: Mount) => void;

/** The suites that depend most on the host. */
export const essentialSuites: readonly Suite[] = [
  describeMountPaths,
  describeReadBodies,
  describeRouter,
  describeAccess,
  describeCrossSite,
  describeCors,
  describeHealth,
];

/** All suites. */
export const allSuites: readonly Suite[] = [
  ...essentialSuites,
  describePostEvents,
  describeEnvelopes,
  describeQueries,
  describeBodies,
  describeCloudEvents,
  describeCloudEventModes,
  describeBeaconsAndForms,
  describeNdjson,
  describeExports,
  describeReadingEvents,
  describeConnections,
  describeLimits,
  describeReplay,
  describeBoundCallers,
  describeSlowReaders,
  describeRawEvents,
  describeTimestamps,
  describeTwins,
  describeNextPages,
  describeEntityTags,
  describeCounts,
  describeEchoedHeaders,
];

/** The tests of the routes over real HTTP, for each host. */
export function describeContract(mount: Mount, suites: readonly Suite[] = allSuites): void {
  describe(`on ${mount.name}`, () => {
    beforeEach(({ task, skip }) => {
      const reason = mount.exceptions?.[task.name];
      if (reason !== undefined) skip(reason);
    });
    for (const suite of suites) suite(mount);

    if (suites !== allSuites) return;
    it("every exception is the title of a test", ({ task }) => {
      const titles = new Set(titlesIn(task.file));
      expect(Object.keys(mount.exceptions ?? {}).filter((title) => !titles.has(title))).toEqual([]);
    });
  });
}

function titlesIn(task: RunnerTask): readonly string[] {
  return task.type === "suite" ? task.tasks.flatMap(titlesIn) : [task.name];
}
