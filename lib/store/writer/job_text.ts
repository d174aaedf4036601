import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { JobSpec } from "../../domain/job.ts";
import { indexed } from "../search_text.ts";

/** What finds a job by its words and labels. */
export class JobText {
  readonly #addText: StatementSync;
  readonly #removeText: StatementSync;
  readonly #addLabel: StatementSync;
  readonly #removeLabel: StatementSync;

  constructor(db: DatabaseSync) {
    this.#addText = db.prepare("INSERT INTO job_text (rowid, text) VALUES (?, ?)");
    this.#removeText = db.prepare("DELETE FROM job_text WHERE rowid = ?");
    this.#addLabel = db.prepare("INSERT OR IGNORE INTO job_labels (key, value, id) VALUES (?, ?, ?)");
    this.#removeLabel = db.prepare("DELETE FROM job_labels WHERE key = ? AND value = ? AND id = ?");
  }

  add(id: number, spec: JobSpec, folded: string): void {
    this.#addText.run(id, indexed(folded));
    for (const [key, value] of Object.entries(spec.labels ?? {})) this.#addLabel.run(key, value, id);
  }

  remove(id: number, spec: JobSpec): void {
    this.#removeText.run(id);
    for (const [key, value] of Object.entries(spec.labels ?? {})) this.#removeLabel.run(key, value, id);
  }
}
