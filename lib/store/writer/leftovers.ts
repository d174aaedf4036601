/** Jobs whose files are still to be removed. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Steps } from "./output_index.ts";
import type { Writer } from "./writer.ts";

export class Leftovers {
  readonly #forget: StatementSync;

  constructor(db: DatabaseSync, readonly writer: Writer) {
    this.#forget = db.prepare("DELETE FROM leftovers WHERE job_id = ?");
  }

  /** In one step. */
  // deno-lint-ignore require-yield -- what has several steps yields between them
  *forget(jobIds: number[]): Steps {
    this.writer.transaction(() => {
      for (const id of jobIds) this.#forget.run(id);
    });
  }
}
