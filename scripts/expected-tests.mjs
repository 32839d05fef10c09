/**
 * The least number of tests a whole run has, by what they need: a run that silently lost a part of itself fails.
 * Raise a number when tests are added.
 */
export const expectedTests = { unit: 2500, pg: 1180, browser: 57 };

/** What is missing from a run, in words; nothing where it is whole. */
export function missingFrom(ran, projects) {
  return projects
    .filter((project) => ran[project] < expectedTests[project])
    .map(
      (project) =>
        `${project}: only ${ran[project]} tests ran; at least ${expectedTests[project]} are expected`,
    );
}
