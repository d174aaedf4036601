/** Committing, as every service does it. */

import type { Clock } from "../clock.ts";
import { Problem } from "../domain/errors.ts";
import type { Applied, Change, Conflict, Store } from "./ports/store.ts";

/** All the changes, or the ones that did not find what they expected. */
export type Outcome = { applied: Applied[] } | { conflicts: Conflict[] };

let sequence = 0;
const process = crypto.randomUUID();

/**
 * Commits changes under an id of their own.
 * @throws {Problem} `storage_full`, `storage_failed`; nothing has changed then, or nobody can say (one machine: never).
 */
export async function commit(store: Store, clock: Clock, changes: Change[]): Promise<Outcome> {
  const id = `${process}:${++sequence}`;
  for (let attempt = 1;; attempt++) {
    const result = await store.commit({ id, at: clock.now(), changes });
    if (result.outcome === "committed") return { applied: result.applied };
    if (result.outcome === "conflict") return { conflicts: result.conflicts };
    // The same id again changes nothing if it did happen, and tells.
    if (attempt === 3) throw new Problem("storage_failed", `The store does not answer: ${result.reason}`);
  }
}
