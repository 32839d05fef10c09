import { useEffect, useState } from "react";

/**
 * Returns true after `active` has been true for `delayMs`, so that the page shows no skeleton before a fast response.
 */
export function useDelayed(active: boolean, delayMs = 150): boolean {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!active) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), delayMs);
    return () => clearTimeout(timer);
  }, [active, delayMs]);
  return active && shown;
}
