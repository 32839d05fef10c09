/** The sections of the page, in the order of the navigation. */
export const VIEWS = [
  { name: "send", title: "Send" },
  { name: "events", title: "Events" },
  { name: "totals", title: "Totals" },
] as const;

export type View = (typeof VIEWS)[number];

/** Returns the view with this name, or the first view if none has it. */
export function viewNamed(name: string): View {
  return VIEWS.find((view) => view.name === name) ?? VIEWS[0];
}
