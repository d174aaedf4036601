/** Forgetting workers that ended long ago. */

import { commit } from "../commit.ts";
import type { WorkersContext } from "./context.ts";
import { REMEMBER_MS } from "./lookup.ts";

/** How many go in one step, so that no writer waits long. */
const STEP = 64;
const IDLE_MS = 60_000;

/** Sweeps until the function that it returns is called. */
export function forgetEnded(context: WorkersContext): () => void {
  let stopped = false;
  let cancel = context.clock.after(0, tick);

  function tick() {
    sweep(context).then((removed) => arm(removed === STEP ? 0 : IDLE_MS), (error) => {
      context.onError?.("Workers that ended long ago could not be removed; it will be tried again.", error);
      arm(IDLE_MS);
    });
  }
  function arm(ms: number) {
    if (!stopped) cancel = context.clock.after(ms, tick);
  }
  return () => {
    stopped = true;
    cancel();
  };
}

/** One step; answers how many it removed. */
async function sweep({ store, clock }: WorkersContext): Promise<number> {
  const old = await store.workers.endedBefore(clock.now() - REMEMBER_MS, STEP);
  if (old.length === 0) return 0;
  await commit(
    store,
    clock,
    old.map(({ value, version }) => ({
      kind: "worker",
      id: value.id,
      expect: { is: "version", oneOf: [version] },
      value: null,
    })),
  );
  return old.length;
}
