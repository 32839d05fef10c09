/** Paths on a grid of 16 by 16. */
const paths = {
  check: "M3 8.5 6.5 12 13 4.5",
  copies: "M6 6h7v7H6zM3 10V3h7",
  crossing: "M3 5h3.5l3 6H13M3 11h3.5l1-2M9 6.5 9.5 5H13",
  barred: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM4.2 4.2l7.6 7.6",
  bolt: "M9 2 4 9h4l-1 5 5-7H8z",
  warning: "M8 2.5 14 13H2zM8 6.5v3M8 11.3v.2",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z",
  system: "M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3",
  send: "M2.5 8 13.5 3 10 13.5 7.5 9z",
  up: "M8 13V3.5M4 7l4-4 4 4",
  down: "M8 3v9.5M4 9l4 4 4-4",
  left: "M10 3 5 8l5 5",
  right: "M6 3l5 5-5 5",
  plug: "M5.5 2v4M10.5 2v4M3.5 6h9v1.5a4.5 4.5 0 0 1-9 0zM8 12v2.5",
  fill: "M8 2v8M4.5 6.5 8 10l3.5-3.5M2.5 13.5h11",
} as const;

export type IconName = keyof typeof paths;

interface IconProps {
  readonly name: IconName;
  readonly size?: number;
}

/** Screen readers ignore the icon, so use it next to a word or in a control with an accessible name. */
export function Icon({ name, size = 16 }: IconProps) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: "none" }}
    >
      <path d={paths[name]} />
    </svg>
  );
}
