import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type EndedJob, type Job, JOB_STATES, type JobState } from "../../domain/job.ts";
import type { QueueLoad } from "../../domain/queue.ts";
import type {
  JobQuery,
  JobReader,
  OldestQuery,
  Page,
  QueueRoom,
  Version,
  Versioned,
} from "../../services/ports/store.ts";
import { all, one } from "./docs.ts";
import { JobList } from "./job_list.ts";
import { QueuedJobs } from "./queued_jobs.ts";

const DOC = "SELECT j.id, j.version, d.doc, d.sum FROM jobs AS j JOIN job_docs AS d ON d.id = j.id";

function oldest(index: string, where: string): string {
  return `SELECT j.id, j.version, d.doc, d.sum FROM jobs AS j INDEXED BY ${index} CROSS JOIN job_docs AS d ON d.id = j.id
          WHERE ${where} AND (j.ended, j.id) > (?, ?) ORDER BY j.ended, j.id LIMIT ?`;
}

export class SqliteJobReader implements JobReader {
  readonly #get: StatementSync;
  readonly #queued: QueuedJobs;
  readonly #active: StatementSync;
  readonly #byKey: StatementSync;
  readonly #counters: StatementSync;
  readonly #oldest: StatementSync;
  readonly #oldestWithOutput: StatementSync;
  readonly #leftovers: StatementSync;
  readonly #list: JobList;
  readonly #running = new Set<Promise<unknown>>();

  constructor(db: DatabaseSync, readonly version: () => Version) {
    this.#get = db.prepare(`${DOC} WHERE j.id = ?`);
    this.#queued = new QueuedJobs(db);
    // CROSS JOIN keeps the order of the tables, and with it the order of the index.
    this.#active = db.prepare(`
      SELECT j.id, j.version, d.doc, d.sum FROM jobs AS j INDEXED BY jobs_active CROSS JOIN job_docs AS d ON d.id = j.id
      WHERE j.active = 1 ORDER BY j.id`);
    this.#byKey = db.prepare(`${DOC} WHERE j.idempotency_key = ?`);
    this.#counters = db.prepare("SELECT name, n FROM counters");
    this.#oldest = db.prepare(oldest("jobs_by_end", "j.ended IS NOT NULL"));
    this.#oldestWithOutput = db.prepare(oldest("jobs_with_output", "j.output_bytes > 0"));
    this.#leftovers = db.prepare("SELECT job_id FROM leftovers LIMIT ?");
    this.#list = new JobList(db);
  }

  get(id: number): Promise<Versioned<Job> | undefined> {
    return Promise.resolve(one<Job>("job", this.#get.get(id)));
  }

  async list(query: JobQuery): Promise<Page<Versioned<Job>>> {
    const upTo = this.version();
    const listing = this.#list.page(query);
    this.#running.add(listing);
    try {
      return { ...await listing, upTo };
    } finally {
      this.#running.delete(listing);
    }
  }

  queue(limit: number, rooms: QueueRoom[]): Promise<Versioned<Job>[]> {
    return Promise.resolve(this.#queued.next(limit, rooms));
  }

  due(now: number, limit: number): Promise<Versioned<Job>[]> {
    return Promise.resolve(this.#queued.due(now, limit));
  }

  nextDue(): Promise<number | undefined> {
    return Promise.resolve(this.#queued.nextDue());
  }

  dependents(id: number, limit: number): Promise<Versioned<Job>[]> {
    return Promise.resolve(this.#queued.dependents(id, limit));
  }

  settled(limit: number): Promise<number[]> {
    return Promise.resolve(this.#queued.settled(limit));
  }

  loads(): Promise<Map<string, QueueLoad>> {
    return Promise.resolve(this.#queued.loads());
  }

  active(): Promise<Versioned<Job>[]> {
    return Promise.resolve(all<Job>("job", this.#active.all()));
  }

  byIdempotencyKey(key: string): Promise<Versioned<Job> | undefined> {
    return Promise.resolve(one<Job>("job", this.#byKey.get(key)));
  }

  lastId(): Promise<number> {
    return Promise.resolve(this.#counted().get("last_job_id") ?? 0);
  }

  counts(): Promise<Record<JobState, number>> {
    const counted = this.#counted();
    const counts = Object.fromEntries(JOB_STATES.map((state) => [state, counted.get(`job:${state}`) ?? 0]));
    return Promise.resolve(counts as Record<JobState, number>);
  }

  oldest({ limit, after, withOutput }: OldestQuery): Promise<Versioned<EndedJob>[]> {
    const statement = withOutput ? this.#oldestWithOutput : this.#oldest;
    return Promise.resolve(all<EndedJob>("job", statement.all(after?.ended ?? -1, after?.id ?? 0, limit)));
  }

  outputBytes(): Promise<number> {
    return Promise.resolve(this.#counted().get("output_bytes") ?? 0);
  }

  leftovers(limit: number): Promise<number[]> {
    return Promise.resolve((this.#leftovers.all(limit) as { job_id: number }[]).map(({ job_id }) => job_id));
  }

  /** Resolves when no list is being put together. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #counted(): Map<string, number> {
    return new Map((this.#counters.all() as { name: string; n: number }[]).map(({ name, n }) => [name, n]));
  }
}
