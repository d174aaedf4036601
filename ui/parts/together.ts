/** Sections that are shown at the same time: what comes into one would push down those below it. */

import { useCallback, useEffect, useState } from "preact/hooks";

/** After so long whoever is late comes late. */
const PATIENCE_MS = 1500;

/** `waiting`: whether one of so many sections still has nothing to show; each calls `ready` when it has, once. */
export function useTogether(sections: number): { waiting: boolean; ready: () => void } {
  const [missing, setMissing] = useState(sections);
  const ready = useCallback(() => setMissing((count) => count - 1), []);
  useEffect(() => {
    const timer = setTimeout(() => setMissing(0), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return { waiting: missing > 0, ready };
}

/** Calls `ready` when there is something to show for the first time. */
export function useReady(isThere: boolean, ready: () => void): void {
  useEffect(() => {
    if (isThere) ready();
  }, [isThere]);
}
