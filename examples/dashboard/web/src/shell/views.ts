/** The sections of the page, in the order of the navigation. */
export const VIEWS = [
  { name: "send", title: "Send" },
  { name: "events", title: "Events" },
  { name: "totals", title: "Totals" },
] as const;

export type View = (typeof VIEWS)[number];

/** Returns the view of an address, or the first view. */
export function viewNamed(name: string): View {
  return VIEWS.find((view) => view.name === name) ?? VIEWS[0];
}
