/** Looking after what has arrived of uploads: at start, and when nobody goes on with it for too long. */

import type { PartialUpload } from "../../domain/partial_upload.ts";
import { commit } from "../commit.ts";
import type { Versioned } from "../ports/store.ts";
import type { TransfersContext } from "./context.ts";
import { forgetPartial, isOver } from "./partials.ts";

const PAGE = 500;
/** How many go in one step, so that nobody waits long. */
const STEP = 64;
const LONGEST_IDLE_MS = 60_000;
const SHORTEST_IDLE_MS = 500;

/**
 * Takes up what an earlier server left, and answers with the ids of what stays. To be called before any worker is taken
 * up and before any file is removed.
 */
export async function recoverPartials(context: TransfersContext): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const found of allPartials(context)) {
    const { id } = found.value;
    try {
      if (await isWorthKeeping(context, found.value)) {
        await atRest(context, found);
        ids.add(id);
      } else {
        await forgetPartial(context, id);
      }
    } catch (error) {
      ids.add(id);
      context.onError?.(`Upload ${id.slice(0, 8)}… could not be taken up; it stays as it is.`, error);
    }
  }
  return ids;
}

/** Not what has nothing in it, nor what was to be ended when the server died. */
async function isWorthKeeping({ area, store }: TransfersContext, { id, worker }: PartialUpload): Promise<boolean> {
  if (!await area.partialSize(id)) return false;
  return worker === null || (await store.workers.get(worker))?.value.state !== "terminated";
}

/** The server that it was being sent to is no more; its time runs from now on. */
async function atRest({ store, clock }: TransfersContext, { value, version }: Versioned<PartialUpload>): Promise<void> {
  if (value.worker === null) return;
  const next = { ...value, worker: null, touched: clock.now() };
  const expect = { is: "version" as const, oneOf: [version] };
  await commit(store, clock, [{ kind: "upload", id: value.id, expect, value: next }]);
}

async function* allPartials({ store }: TransfersContext): AsyncIterable<Versioned<PartialUpload>> {
  for (let cursor: string | undefined, more = true; more;) {
    const page = await store.uploads.list({ limit: PAGE, ...(cursor && { cursor }) });
    yield* page.items;
    cursor = page.next;
    more = cursor !== undefined;
  }
}

/** Removes those whose time is over, until the function that it returns is called. */
export function sweepPartials(context: TransfersContext): () => void {
  const { clock, keepPartialMs } = context;
  if (keepPartialMs === Infinity) return () => {};
  const idle = Math.min(LONGEST_IDLE_MS, Math.max(SHORTEST_IDLE_MS, keepPartialMs / 4));
  let stopped = false;
  let cancel = clock.after(idle, tick);

  function tick() {
    sweep(context).then((removed) => arm(removed === STEP ? 0 : idle), (error) => {
      context.onError?.("Uploads that nobody goes on with could not be removed; it will be tried again.", error);
      arm(LONGEST_IDLE_MS);
    });
  }
  function arm(ms: number) {
    if (!stopped) cancel = clock.after(ms, tick);
  }
  return () => {
    stopped = true;
    cancel();
  };
}

/** One step; answers how many it removed. */
export async function sweep(context: TransfersContext): Promise<number> {
  const { store, clock, area, keepPartialMs } = context;
  const old = await store.uploads.touchedBefore(clock.now() - keepPartialMs + 1, STEP);
  let removed = 0;
  for (const { value } of old) {
    // One that a worker brings more of at this moment is touched when that ends.
    if (area.holds.has(value.id)) continue;
    const letGo = area.holds.take(value.id, null);
    try {
      const now = await store.uploads.get(value.id);
      if (!now || !isOver(context, now.value)) continue;
      await forgetPartial(context, value.id);
      removed++;
    } finally {
      letGo();
    }
  }
  return removed;
}
