import type { Lib } from "../serve.js";
import { describeAccess } from "./access.js";
import { describeBodies } from "./bodies.js";
import { describeBoundCallers } from "./bound-callers.js";
import { describeCloudEvents } from "./cloud-events.js";
import { describeConnections } from "./connections.js";
import { describeCrossSite } from "./cross-site.js";
import { describeEnvelopes } from "./envelopes.js";
import { describeHealth } from "./health.js";
import { describeLimits } from "./limits.js";
import { describePostEvents } from "./post-events.js";
import { describeQueries } from "./queries.js";
import { describeRawEvents } from "./raw-events.js";
import { describeReadingEvents } from "./reading-events.js";
import { describeReplay } from "./replay.js";
import { describeRouter } from "./router.js";
import { describeSlowReaders } from "./slow-readers.js";
import { describeTimestamps } from "./timestamps.js";
import { describeTwins } from "./twins.js";

/** The tests of the routes over real HTTP, for each version of Express. */
export function describeContract(lib: Lib): void {
  describeAccess(lib);
  describePostEvents(lib);
  describeEnvelopes(lib);
  describeQueries(lib);
  describeRouter(lib);
  describeBodies(lib);
  describeCloudEvents(lib);
  describeReadingEvents(lib);
  describeConnections(lib);
  describeHealth(lib);
  describeLimits(lib);
  describeReplay(lib);
  describeCrossSite(lib);
  describeBoundCallers(lib);
  describeSlowReaders(lib);
  describeRawEvents(lib);
  describeTimestamps(lib);
  describeTwins(lib);
}
