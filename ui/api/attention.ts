/**
 * Whether somebody looks. A browser opens six connections to a server (over HTTP/1.1) for all its tabs together, and each
 * stream holds one: tabs that nobody sees give theirs back and catch up when they are looked at again.
 */

/** From when the page went out of sight: a glance at another tab is not worth it. */
const HIDDEN_MS = 5000;

/** Resolves once the page is seen, or when `signal` aborts. */
export async function untilSeen(signal: AbortSignal): Promise<void> {
  if (!document.hidden || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
  });
}

/** Calls `leave` when nobody has seen the page for a while, or the browser puts it away; the answer ends that. */
export function onUnseen(leave: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(leave, HIDDEN_MS);
  };
  look();
  document.addEventListener("visibilitychange", look);
  // One that is kept for going back to would hold its connections.
  addEventListener("pagehide", leave);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
    removeEventListener("pagehide", leave);
  };
}
