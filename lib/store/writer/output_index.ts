/** Makes outputs findable, and gone again, in steps that are transactions of their own. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { chunks } from "../chunks.ts";
import { indexed, searchable } from "../search_text.ts";
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

  /** An output of one chunk takes one step. */
  *index(jobId: number, texts: string[]): Steps {
    const rows = numbered(jobId, texts);
    let cleared = false;
    for (;;) {
      this.writer.needRoom();
      const state = this.writer.transaction(() => {
        if (!this.#job.get(jobId)) return "gone";
        cleared ||= this.#removeSome(jobId);
        return cleared ? this.#add(jobId, rows.next()) : "more";
      });
      if (state === "gone") return yield* this.drop(jobId);
      if (state === "done") return;
      yield;
    }
  }

  *drop(jobId: number): Steps {
    while (!this.writer.transaction(() => this.#removeSome(jobId) && this.#finish(jobId))) yield;
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

  #add(jobId: number, row: IteratorResult<Row>): "more" | "done" {
    if (!row.done) {
      const { id, text, last } = row.value;
      this.#addChunk.run(id, text);
      this.#addText.run(id, indexed(text));
      if (!last) return "more";
    }
    this.#finish(jobId);
    return "done";
  }

  #finish(jobId: number): true {
    this.#unmark.run(jobId);
    return true;
  }

  /** True when nothing is left. */
  #removeSome(jobId: number): boolean {
    this.#mark.run(jobId);
    const rows = this.#some.all(jobId, jobId) as { id: number }[];
    for (const { id } of rows) {
      this.#removeText.run(id);
      this.#removeChunk.run(id);
    }
    return rows.length < REMOVED_PER_STEP;
  }
}

interface Row {
  id: number;
  text: string;
  last: boolean;
}

/** The chunks of all texts with their rows, folded one at a time. */
function* numbered(jobId: number, texts: string[]): Generator<Row, undefined, void> {
  const all = texts.flatMap((text) => [...chunks(text)]).slice(0, MAX_CHUNKS);
  for (const [i, chunk] of all.entries()) {
    yield { id: jobId * MAX_CHUNKS + i, text: searchable(chunk), last: i === all.length - 1 };
  }
}
