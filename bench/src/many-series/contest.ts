import {
  ANSWERS_A_SECOND,
  BYTES_AN_EVENT,
  CELLS,
  type Contest,
  EVENTS_A_SECOND,
  MILLISECONDS,
  rowsOf,
} from "../harness/contest.js";
import { prepareManySeries } from "./prepare.js";
import { CLIENT_QUESTIONS } from "./questions.js";
import { clientRow, clientRowOfEvents, ROW } from "./row-names.js";

const ROUNDS = 3;

const events = rowsOf(EVENTS_A_SECOND);
const bytes = rowsOf(BYTES_AN_EVENT);
const milliseconds = rowsOf(MILLISECONDS);
const answers = rowsOf(ANSWERS_A_SECOND);
const cells = rowsOf(CELLS);

/**
 * Measures loads of many clients with few events each. `sparse`: 100,000 clients and 5 metrics over a month, in the order of
 * time. `scattered`: the same in random order over a year. `dense`: the load of the other contests. `folded`: the
 * measurement ends when every tally is folded.
 */
export const manySeries: Contest = {
  maxRounds: ROUNDS,
  rows: [
    events(ROW.dense),
    events(ROW.sparse, { against: ROW.dense, bar: 0.6 }),
    events(ROW.scattered, { against: ROW.dense, bar: 0.4 }),
    events(ROW.sparseStored, { against: ROW.sparse, bar: 0.8 }),
    events(ROW.oneTenant),
    events(ROW.manyTenants, { against: ROW.oneTenant, bar: 0.85 }),
    bytes(ROW.denseStorage, { against: null, bar: 5 }),
    bytes(ROW.sparseStorage, { against: null, bar: 200 }),
    bytes(ROW.allStorage, { against: null, bar: 700 }),
    ...Object.keys(CLIENT_QUESTIONS).flatMap((question) => [
      milliseconds(clientRowOfEvents(question)),
      milliseconds(
        clientRow(question),
        { against: clientRowOfEvents(question), bar: 1 },
        { against: null, bar: 15 },
      ),
    ]),
    milliseconds(ROW.yearByDay, { against: null, bar: 20 }),
    milliseconds(ROW.yearByMetric),
    milliseconds(ROW.yearByPlan, { against: ROW.yearByMetric, bar: 2 }),
    milliseconds(ROW.grandTotal, { against: null, bar: 20 }),
    answers(ROW.topOfEvents),
    answers(ROW.top, { against: ROW.topOfEvents, bar: 5 }),
    cells(ROW.unfolded),
    milliseconds(ROW.readMeanwhile, { against: null, bar: 100 }),
  ],
  prepare: prepareManySeries,
};
