/** Removes keys whose time has come. Readers do not see them from that moment on; this gives the room back. */

import type { Clock } from "../../clock.ts";
import { commit } from "../commit.ts";
import type { Store } from "../ports/store.ts";

/** How many go in one commit, so that no writer waits long. */
const STEP = 64;
const IDLE_MS = 1000;

/** Sweeps until the function that it returns is called. `onError` hears of a sweep that failed; the next one comes all the same. */
export function sweepExpiredKeys(store: Store, clock: Clock, onError: (error: unknown) => void): () => void {
  let stopped = false;
  let cancel = clock.after(IDLE_MS, tick);

  function tick() {
    sweep(store, clock).then(
      (removed) => arm(removed === STEP ? 0 : IDLE_MS),
      (error) => {
        onError(error);
        arm(IDLE_MS * 10);
      },
    );
  }
  function arm(ms: number) {
    if (!stopped) cancel = clock.after(ms, tick);
  }
  return () => {
    stopped = true;
    cancel();
  };
}

/** One step: removes up to {@link STEP} keys that have expired and answers how many it found. */
export async function sweep(store: Store, clock: Clock): Promise<number> {
  const expired = await store.keys.expired(clock.now(), STEP);
  // What has expired counts as absent; a key that was written anew meanwhile is present and stays. Each goes alone, so
  // that one of those does not keep the others; they share one group commit all the same.
  await Promise.all(
    expired.map(({ value }) =>
      commit(store, clock, [{ kind: "key", id: value.key, expect: { is: "absent" }, value: null }])
    ),
  );
  return expired.length;
}
