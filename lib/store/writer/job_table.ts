import type { DatabaseSync, StatementSync } from "node:sqlite";
import { durationOf, isActive, isEnded, type Job, type JobState, keptBytes } from "../../domain/job.ts";
import type { Version } from "../../services/ports/store.ts";
import { docSum } from "../checksum.ts";
import { searchableJob } from "../search_text.ts";
import type { Counters } from "./counters.ts";
import { JobText } from "./job_text.ts";
import type { Found, SubjectTable } from "./subject_table.ts";

interface FoundJob extends Found {
  state: JobState;
  hasResult: boolean;
  outputBytes: number;
}

interface Row {
  version: number;
  state: JobState;
  has_result: number;
  output_bytes: number;
}

export class JobTable implements SubjectTable<number, Job, FoundJob> {
  readonly #text: JobText;
  readonly #find: StatementSync;
  readonly #byKey: StatementSync;
  readonly #latest: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;
  readonly #doc: StatementSync;
  readonly #insertDoc: StatementSync;
  readonly #updateDoc: StatementSync;
  readonly #deleteDoc: StatementSync;
  readonly #markOutput: StatementSync;
  readonly #markFiles: StatementSync;

  constructor(db: DatabaseSync, readonly counters: Counters) {
    this.#text = new JobText(db);
    this.#find = db.prepare("SELECT version, state, has_result, output_bytes FROM jobs WHERE id = ?");
    this.#byKey = db.prepare("SELECT id, version FROM jobs WHERE idempotency_key = ?");
    this.#latest = db.prepare("SELECT created_max FROM jobs WHERE id < ? ORDER BY id DESC LIMIT 1");
    this.#insert = db.prepare(`
      INSERT INTO jobs (version, state, active, priority, ended, duration, exit_code, has_result, idempotency_key,
                        output_bytes, id, created, created_max)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#update = db.prepare(`
      UPDATE jobs SET version = ?, state = ?, active = ?, priority = ?, ended = ?, duration = ?, exit_code = ?,
                      has_result = ?, idempotency_key = ?, output_bytes = ?
      WHERE id = ?`);
    this.#delete = db.prepare("DELETE FROM jobs WHERE id = ?");
    this.#doc = db.prepare("SELECT doc FROM job_docs WHERE id = ?");
    this.#insertDoc = db.prepare("INSERT INTO job_docs (id, folded, doc, sum) VALUES (?, ?, ?, ?)");
    this.#updateDoc = db.prepare("UPDATE job_docs SET folded = coalesce(?, folded), doc = ?, sum = ? WHERE id = ?");
    this.#deleteDoc = db.prepare("DELETE FROM job_docs WHERE id = ?");
    this.#markFiles = db.prepare("INSERT OR IGNORE INTO leftovers VALUES (?)");
    this.#markOutput = db.prepare(`
      INSERT OR IGNORE INTO output_garbage
      SELECT id >> 16 FROM output_chunks WHERE id BETWEEN ? * 65536 AND ? * 65536 + 65535 LIMIT 1`);
  }

  find(id: number): FoundJob | undefined {
    const row = this.#find.get(id) as Row | undefined;
    if (!row) return undefined;
    const { version, state, has_result, output_bytes } = row;
    return { version, live: true, state, hasResult: has_result === 1, outputBytes: output_bytes };
  }

  obstacle(id: number, value: Job): Version | undefined {
    if (!value.idempotency) return undefined;
    const other = this.#byKey.get(value.idempotency.key) as { id: number; version: number } | undefined;
    return other && other.id !== id ? other.version : undefined;
  }

  put(id: number, job: Job, version: Version, before: FoundJob | undefined): void {
    if (before?.state !== job.state) {
      if (before) this.counters.add(`job:${before.state}`, -1);
      this.counters.add(`job:${job.state}`, 1);
    }
    const ended = isEnded(job) ? job : undefined;
    this.counters.add("output_bytes", (ended ? keptBytes(ended) : 0) - (before?.outputBytes ?? 0));
    if (before?.hasResult && ended?.resultDeleted) this.#leave(id);
    if (before) this.#change(id, job, version);
    else this.#create(id, job, version);
  }

  remove(id: number, before: FoundJob): void {
    this.counters.add(`job:${before.state}`, -1);
    this.counters.add("output_bytes", -before.outputBytes);
    this.#leave(id);
    this.#text.remove(id, this.#read(id).spec);
    this.#delete.run(id);
    this.#deleteDoc.run(id);
  }

  encode(value: Job): { body: string; expires: null } {
    return { body: JSON.stringify(value), expires: null };
  }

  /** The files and the indexed output of a job are to be removed, though not in this transaction. */
  #leave(id: number): void {
    this.#markFiles.run(id);
    this.#markOutput.run(id, id);
  }

  #create(id: number, job: Job, version: Version): void {
    this.counters.raise("last_job_id", id);
    const before = this.#latest.get(id) as { created_max: number } | undefined;
    const createdMax = Math.max(job.created, before?.created_max ?? 0);
    if (createdMax > job.created) this.counters.raise("clock_setback", createdMax - job.created);
    const folded = searchableJob(job.spec);
    this.#insert.run(...columns(job, version), id, job.created, createdMax);
    const doc = JSON.stringify(job);
    this.#insertDoc.run(id, folded, doc, docSum("job", id, version, doc));
    this.#text.add(id, job.spec, folded);
  }

  #change(id: number, job: Job, version: Version): void {
    const old = this.#read(id);
    this.#update.run(...columns(job, version), id);
    const sameSpec = JSON.stringify(old.spec) === JSON.stringify(job.spec);
    const folded = sameSpec ? null : searchableJob(job.spec);
    const doc = JSON.stringify(job);
    this.#updateDoc.run(folded, doc, docSum("job", id, version, doc), id);
    if (folded === null) return;
    this.#text.remove(id, old.spec);
    this.#text.add(id, job.spec, folded);
  }

  #read(id: number): Job {
    return JSON.parse((this.#doc.get(id) as { doc: string }).doc);
  }
}

function columns(job: Job, version: Version) {
  const end = isEnded(job) ? job : undefined;
  return [
    version,
    job.state,
    isActive(job) ? 1 : 0,
    job.spec.priority,
    end?.ended ?? null,
    end ? durationOf(end) : null,
    end?.exitCode ?? null,
    end && !end.resultDeleted ? 1 : 0,
    job.idempotency?.key ?? null,
    end ? keptBytes(end) : 0,
  ] as const;
}
