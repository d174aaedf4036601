/** Committing, as every service does it. */

import type { Clock } from "../clock.ts";
import { Problem } from "../domain/errors.ts";
import type { Applied, Change, CommitResult, Conflict, Store } from "./ports/store.ts";

/** All the changes, or the ones that did not find what they expected. */
export type Outcome = { applied: Applied[] } | { conflicts: Conflict[] };

let sequence = 0;
const process = crypto.randomUUID();

/**
 * Commits changes under an id of their own.
 * @throws {Problem} `storage_full`, `storage_failed`; nothing has changed then, unless the message says that nobody knows.
 */
export async function commit(store: Store, clock: Clock, changes: Change[]): Promise<Outcome> {
  const id = `${process}:${++sequence}`;
  let doubt: string | undefined;
  for (let attempt = 1;; attempt++) {
    let result: CommitResult;
    try {
      result = await store.commit({ id, at: clock.now(), changes });
    } catch (error) {
      throw doubt === undefined ? error : unknown(doubt, error);
    }
    if (result.outcome === "committed") return { applied: result.applied };
    if (result.outcome === "conflict") return { conflicts: result.conflicts };
    // The same id again changes nothing if it did happen, and tells.
    doubt = result.reason;
    if (attempt === 3) throw unknown(doubt);
  }
}

function unknown(reason: string, cause?: unknown): Problem {
  return new Problem(
    "storage_failed",
    `Nobody knows whether the change was made: ${reason}. Read before you repeat it.`,
    {
      cause,
    },
  );
}
