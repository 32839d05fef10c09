import type { Fault } from "../harness/fault.js";
import { serverKilled } from "./f01-server-killed.js";
import { backendTerminated } from "./f02-backend-terminated.js";
import { queryCancelled } from "./f03-query-cancelled.js";
import { backendCrashed } from "./f04-backend-crashed.js";
import { postgresStopped } from "./f05-postgres-stopped.js";
import { connectionsUsedUp } from "./f06-connections-used-up.js";
import { responseLost } from "./f07-response-lost.js";
import { requestLost } from "./f08-request-lost.js";
import { stalled } from "./f09-stalled.js";
import { httpResponseLost } from "./f10-http-response-lost.js";
import { errorAtCommit } from "./f11-error-at-commit.js";
import { everyCall } from "./f12-every-call.js";
import { diskFull } from "./f13-disk-full.js";
import { lockWaits } from "./f15-lock-waits.js";
import { smallPool } from "./f17-small-pool.js";
import { oppositeOrders } from "./f18-opposite-orders.js";
import { duplicateStorm } from "./f19-duplicate-storm.js";
import { twoContents } from "./f20-two-contents.js";
import { poison } from "./f21-poison.js";
import { clientGivesUp } from "./f22-client-gives-up.js";
import { oversize } from "./f23-oversize.js";
import { bombs } from "./f24-bombs.js";
import { hostileJson } from "./f25-hostile-json.js";
import { slowSenders } from "./f26-slow-senders.js";
import { wrongEncodings } from "./f27-wrong-encodings.js";
import { clocksJump } from "./f28-clocks-jump.js";
import { sigterm } from "./f29-sigterm.js";
import { otherTenant } from "./f33-other-tenant.js";
import { storesAgree } from "./f35-stores-agree.js";
import { failover } from "./f36-failover.js";
import { oneTenantAttacks } from "./f37-one-tenant-attacks.js";
import { slowReaders } from "./f38-slow-readers.js";

import { foldUnderTimeout } from "./f39-fold-under-timeout.js";
import { clocksApart } from "./f40-clocks-apart.js";
import { logicalPublication } from "./f41-logical-publication.js";
import { worstShapes } from "./f42-worst-shapes.js";
import { foldInterrupted } from "./f43-fold-interrupted.js";
import { sealingInterrupted } from "./f44-sealing-interrupted.js";

/** All faults, in the order of their numbers. */
export const FAULTS: readonly Fault[] = [
  serverKilled,
  backendTerminated,
  queryCancelled,
  backendCrashed,
  postgresStopped,
  connectionsUsedUp,
  responseLost,
  requestLost,
  stalled,
  httpResponseLost,
  errorAtCommit,
  everyCall,
  diskFull,
  lockWaits,
  smallPool,
  oppositeOrders,
  duplicateStorm,
  twoContents,
  poison,
  clientGivesUp,
  oversize,
  bombs,
  hostileJson,
  slowSenders,
  wrongEncodings,
  clocksJump,
  sigterm,
  otherTenant,
  storesAgree,
  failover,
  oneTenantAttacks,
  slowReaders,
  foldUnderTimeout,
  clocksApart,
  logicalPublication,
  worstShapes,
  foldInterrupted,
  sealingInterrupted,
];
