/** Jobs that several lanes do at the same time. A free lane takes the next job. */
export interface Race {
  readonly lanes: number;
  /** The number of jobs, including `warmUpJobs`. */
  readonly jobs: number;
  /** The number of jobs before the measurement. They open connections, prepare statements and compile code. */
  readonly warmUpJobs: number;
  readonly eventsPerJob: number;
}

type Work = (job: number) => Promise<unknown>;

/** Does all jobs. Returns the number of events per second in the jobs after the warm-up. */
export async function eventsPerSecond(
  { lanes, jobs, warmUpJobs, eventsPerJob }: Race,
  work: Work,
): Promise<number> {
  await inLanes(lanes, 0, warmUpJobs, work);
  const start = performance.now();
  await inLanes(lanes, warmUpJobs, jobs, work);
  const seconds = (performance.now() - start) / 1_000;
  return ((jobs - warmUpJobs) * eventsPerJob) / seconds;
}

async function inLanes(lanes: number, from: number, to: number, work: Work): Promise<void> {
  let next = from;
  const lane = async () => {
    while (next < to) await work(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
