import { hrefTo } from "../hash-location.js";
import { SeedButton } from "../seed/seed-button.js";
import { ColorSchemeButton } from "./color-scheme-button.js";
import { ConnectionPill } from "./connection-pill.js";
import classes from "./header.module.css";
import { TallyMark } from "./tally-mark.js";
import { VIEWS, type View } from "./views.js";

interface HeaderProps {
  readonly current: View["name"];
}

export function Header({ current }: HeaderProps) {
  return (
    <header className={classes.header}>
      <div className={classes.inner}>
        <a className={classes.brand} href={hrefTo("send")} aria-label="evt, home">
          <TallyMark />
          <span>evt</span>
        </a>
        <nav className={classes.nav} aria-label="Sections">
          {VIEWS.map(({ name, title }) => (
            <a key={name} href={hrefTo(name)} aria-current={name === current ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <div className={classes.tools}>
          <ConnectionPill />
          <SeedButton />
          <ColorSchemeButton />
        </div>
      </div>
    </header>
  );
}
