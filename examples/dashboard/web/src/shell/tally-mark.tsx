/** The logo: tally marks. */
export function TallyMark() {
  return (
    <svg aria-hidden="true" width="26" height="26" viewBox="0 0 32 32">
      <rect width="32" height="32" rx="7" fill="#0a625c" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d="M8.2 9v14M13.4 9v14M18.6 9v14M23.8 9v14" />
        <path d="M5 21.5 27 10.5" stroke="#f3b23c" />
      </g>
    </svg>
  );
}
