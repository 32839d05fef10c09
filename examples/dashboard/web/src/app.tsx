import { useEffect } from "react";
import { useRecovery } from "./api/use-recovery.js";
import { EventsView } from "./events/events-view.js";
import { useHashLocation } from "./hash-location.js";
import { SendView } from "./send/send-view.js";
import { Header } from "./shell/header.js";
import { OfflineBanner } from "./shell/offline-banner.js";
import { viewNamed } from "./shell/views.js";
import { TotalsView } from "./totals/totals-view.js";

export function App() {
  const location = useHashLocation();
  const view = viewNamed(location.view);
  useRecovery();

  useEffect(() => {
    document.title = `${view.title} · evt`;
  }, [view.title]);

  return (
    <>
      <button type="button" className="skip" onClick={skipToMain}>
        Skip to the content
      </button>
      <Header current={view.name} />
      <OfflineBanner />
      <main id="main" tabIndex={-1}>
        {view.name === "send" && <SendView />}
        {view.name === "events" && <EventsView location={location} />}
        {view.name === "totals" && <TotalsView location={location} />}
      </main>
    </>
  );
}

/**
 * Moves the focus to the main content. A link would not work, because the address's hash holds the state of the page.
 */
function skipToMain(): void {
  document.getElementById("main")?.focus();
}
