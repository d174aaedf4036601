/** Who is at which resumable upload: one at a time. */

import { Problem } from "../../domain/errors.ts";

export class UploadHolds {
  has(id: string): boolean {
    return this.#held.has(id);
  }

  /** The worker that brings more of it; null: somebody removes it. */
  readonly #held = new Map<string, string | null>();

  /**
   * Takes an upload for oneself, as the worker that goes on with it or (null) to remove it. Gives what lets go of it
   * again; calling that more than once does no harm.
   * @throws {Problem} `upload_active` when somebody has it.
   */
  take(id: string, worker: string | null): () => void {
    if (this.#held.has(id)) throw active(id, this.#held.get(id)!);
    this.#held.set(id, worker);
    let mine = true;
    return () => {
      if (mine) this.#held.delete(id);
      mine = false;
    };
  }

  /** The worker that brings more of it at this moment. */
  workerAt(id: string): string | null {
    return this.#held.get(id) ?? null;
  }
}

function active(id: string, worker: string | null): Problem {
  const who = worker === null
    ? "is being removed"
    : `is being gone on with by worker ${worker}: wait until that breaks off, or terminate it, which forgets the upload`;
  return new Problem("upload_active", `Upload ${id} ${who}.`, { retryAfter: 1, members: { "worker-id": worker } });
}
