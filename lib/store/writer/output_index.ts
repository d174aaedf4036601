/** Makes outputs findable, and gone again, in steps that are transactions of their own. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { chunks } from "../chunks.ts";
import { searchable } from "../search_text.ts";
import type { Writer } from "./writer.ts";

/** Chunks of one job; more than that (about 1 GiB of text) is not searched. */
const MAX_CHUNKS = 65_536;
const REMOVED_PER_STEP = 16;

/** Work in steps: each `next()` does one and leaves the database in order. */
export type Steps = Generator<void, void, void>;

/**
 * While an output is being written it stands in `output_garbage`, so that after a crash none is found by half of its
 * words.
 */
export class OutputIndex {
  readonly #job: StatementSync;
  readonly #addText: StatementSync;
  readonly #addChunk: StatementSync;
  readonly #removeText: StatementSync;
  readonly #removeChunk: StatementSync;
  readonly #some: StatementSync;
  readonly #mark: StatementSync;
  readonly #unmark: StatementSync;
  readonly #marked: StatementSync;

  constructor(db: DatabaseSync, readonly writer: Writer) {
    this.#job = db.prepare("SELECT 1 FROM jobs WHERE id = ?");
    this.#addText = db.prepare("INSERT INTO output_text (rowid, text) VALUES (?, ?)");
    this.#addChunk = db.prepare("INSERT INTO output_chunks (id, text) VALUES (?, ?)");
    this.#removeText = db.prepare("DELETE FROM output_text WHERE rowid = ?");
    this.#removeChunk = db.prepare("DELETE FROM output_chunks WHERE id = ?");
    this.#some = db.prepare(
      `SELECT id FROM output_chunks WHERE id BETWEEN ? * 65536 AND ? * 65536 + 65535 LIMIT ${REMOVED_PER_STEP}`,
    );
    this.#mark = db.prepare("INSERT OR IGNORE INTO output_garbage VALUES (?)");
    this.#unmark = db.prepare("DELETE FROM output_garbage WHERE job_id = ?");
    this.#marked = db.prepare("SELECT job_id FROM output_garbage LIMIT 1");
  }

  *index(jobId: number, texts: string[]): Steps {
    yield* this.#clear(jobId);
    let row = jobId * MAX_CHUNKS;
    for (const text of texts) {
      for (const chunk of chunks(text)) {
        if (row === jobId * MAX_CHUNKS + MAX_CHUNKS) break;
        const folded = searchable(chunk);
        if (!this.writer.transaction(() => this.#add(jobId, row, folded))) return yield* this.drop(jobId);
        row++;
        yield;
      }
    }
    if (!this.writer.transaction(() => this.#finish(jobId))) yield* this.drop(jobId);
  }

  *drop(jobId: number): Steps {
    yield* this.#clear(jobId);
    this.writer.transaction(() => this.#unmark.run(jobId));
  }

  /** Removes what belongs to removed jobs, or was left half done by a crash. */
  *collect(): Steps {
    for (;;) {
      const row = this.#marked.get() as { job_id: number } | undefined;
      if (!row) return;
      yield* this.drop(row.job_id);
      yield;
    }
  }

  /** False when the job has been removed meanwhile. */
  #add(jobId: number, row: number, folded: string): boolean {
    if (!this.#job.get(jobId)) return false;
    this.#addChunk.run(row, folded);
    this.#addText.run(row, folded);
    return true;
  }

  #finish(jobId: number): boolean {
    if (!this.#job.get(jobId)) return false;
    this.#unmark.run(jobId);
    return true;
  }

  *#clear(jobId: number): Steps {
    while (this.writer.transaction(() => this.#removeSome(jobId))) yield;
  }

  #removeSome(jobId: number): boolean {
    this.#mark.run(jobId);
    const rows = this.#some.all(jobId, jobId) as { id: number }[];
    for (const { id } of rows) {
      this.#removeText.run(id);
      this.#removeChunk.run(id);
    }
    return rows.length === REMOVED_PER_STEP;
  }
}
