import type { DatabaseSync, StatementSync } from "node:sqlite";
import { durationOf, isActive, isEnded, type Job, type JobState } from "../../domain/job.ts";
import type { Version } from "../../services/ports/store.ts";
import { searchableJob } from "../search_text.ts";
import type { Counters } from "./counters.ts";
import { JobText } from "./job_text.ts";
import type { Found, SubjectTable } from "./subject_table.ts";

interface FoundJob extends Found {
  state: JobState;
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

  constructor(db: DatabaseSync, readonly counters: Counters) {
    this.#text = new JobText(db);
    this.#find = db.prepare("SELECT version, state FROM jobs WHERE id = ?");
    this.#byKey = db.prepare("SELECT id, version FROM jobs WHERE idempotency_key = ?");
    this.#latest = db.prepare("SELECT created_max FROM jobs WHERE id < ? ORDER BY id DESC LIMIT 1");
    this.#insert = db.prepare(`
      INSERT INTO jobs (version, state, active, priority, ended, duration, exit_code, has_result, idempotency_key,
                        id, created, created_max)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#update = db.prepare(`
      UPDATE jobs SET version = ?, state = ?, active = ?, priority = ?, ended = ?, duration = ?, exit_code = ?,
                      has_result = ?, idempotency_key = ?
      WHERE id = ?`);
    this.#delete = db.prepare("DELETE FROM jobs WHERE id = ?");
    this.#doc = db.prepare("SELECT doc FROM job_docs WHERE id = ?");
    this.#insertDoc = db.prepare("INSERT INTO job_docs (id, folded, doc) VALUES (?, ?, ?)");
    this.#updateDoc = db.prepare("UPDATE job_docs SET folded = coalesce(?, folded), doc = ? WHERE id = ?");
    this.#deleteDoc = db.prepare("DELETE FROM job_docs WHERE id = ?");
    this.#markOutput = db.prepare(`
      INSERT OR IGNORE INTO output_garbage
      SELECT id >> 16 FROM output_chunks WHERE id BETWEEN ? * 65536 AND ? * 65536 + 65535 LIMIT 1`);
  }

  find(id: number): FoundJob | undefined {
    const row = this.#find.get(id) as { version: number; state: JobState } | undefined;
    return row && { version: row.version, live: true, state: row.state };
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
    if (before) this.#change(id, job, version);
    else this.#create(id, job, version);
  }

  remove(id: number, before: FoundJob): void {
    this.counters.add(`job:${before.state}`, -1);
    this.#text.remove(id, this.#read(id).spec);
    this.#delete.run(id);
    this.#deleteDoc.run(id);
    this.#markOutput.run(id, id);
  }

  encode(value: Job): { body: string; expires: null } {
    return { body: JSON.stringify(value), expires: null };
  }

  #create(id: number, job: Job, version: Version): void {
    this.counters.raise("last_job_id", id);
    const before = this.#latest.get(id) as { created_max: number } | undefined;
    const createdMax = Math.max(job.created, before?.created_max ?? 0);
    if (createdMax > job.created) this.counters.raise("clock_setback", createdMax - job.created);
    const folded = searchableJob(job.spec);
    this.#insert.run(...columns(job, version), id, job.created, createdMax);
    this.#insertDoc.run(id, folded, JSON.stringify(job));
    this.#text.add(id, job.spec, folded);
  }

  #change(id: number, job: Job, version: Version): void {
    const old = this.#read(id);
    // In the same commit, so that a result that is gone is not found by its output either.
    if (isEnded(job) && job.resultDeleted) this.#markOutput.run(id, id);
    this.#update.run(...columns(job, version), id);
    const sameSpec = JSON.stringify(old.spec) === JSON.stringify(job.spec);
    const folded = sameSpec ? null : searchableJob(job.spec);
    this.#updateDoc.run(folded, JSON.stringify(job), id);
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
  ] as const;
}
