/** Signals that ask the server to stop. */

/** A second signal counts when this many milliseconds have passed: `deno task` delivers one Ctrl-C twice. */
const SECOND_AFTER = 1_000;

/**
 * Calls `stop` at the first SIGTERM or SIGINT, and `leave` at another one more than a second later.
 * Returns a function that stops listening for them.
 */
export function onStopSignals(stop: () => void, leave: () => void): () => void {
  let first: number | undefined;
  const heard = () => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      stop();
    } else if (now - first > SECOND_AFTER) {
      leave();
    }
  };
  const signals = ["SIGTERM", "SIGINT"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, heard);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, heard);
  };
}
