/** What Prometheus may ask of the service. Nothing of the runtime itself: every name begins with `stint_`. */

import { Counter, Gauge, Registry } from "prom-client";
import { type FinalJobState, JOB_STATES, type JobState } from "./domain/job.ts";
import { CommitTallies } from "./commit_tallies.ts";
import { RequestTallies } from "./request_tallies.ts";

/** Where gauges read their values, each at every scrape. What is not there is not reported. */
export interface GaugeSources {
  jobs?: () => Promise<Record<JobState, number>>;
  slots?: () => { limit: number; used: number };
  queueLength?: () => number | Promise<number>;
  heldRequests?: () => number;
  keys?: () => Promise<number>;
  outputBytes?: () => Promise<number>;
  /** Bytes of the file system that the data directory lies on. */
  disk?: () => Promise<{ free: number; size: number }>;
}

/** Outcomes of a commit, as the store gives them, and `failed` where it threw. */
export type CommitOutcome = "committed" | "conflict" | "unknown" | "failed";

export class Metrics {
  readonly #registry = new Registry();
  readonly #jobsStarted = this.#counter("stint_jobs_started_total", "Jobs that were started");
  readonly #jobsFinished = this.#counter("stint_jobs_finished_total", "Jobs that ended, by final state", ["state"]);
  readonly #forgottenJobs = this.#counter(
    "stint_retention_removed_jobs_total",
    "Jobs removed because the history was over a limit, by limit",
    ["reason"],
  );
  readonly #forgottenBytes = this.#counter(
    "stint_retention_removed_bytes_total",
    "Output and standard input removed with them",
    ["reason"],
  );
  readonly #keyWrites = this.#counter("stint_key_writes_total", "Keys stored or removed");
  readonly #requests = new RequestTallies();
  readonly #commits = new CommitTallies();

  /** What the scrape is sent as. */
  readonly contentType = this.#registry.contentType;

  constructor(sources: GaugeSources = {}) {
    const { jobs, slots, queueLength, heldRequests, keys, outputBytes, disk } = sources;
    if (jobs) this.#jobGauge(jobs);
    if (slots) {
      this.#gauge("stint_slots_limit", "Pieces of work that may go on at once", () => slots().limit);
      this.#gauge("stint_slots_used", "Slots that are taken", () => slots().used);
    }
    if (queueLength) this.#gauge("stint_queue_length", "Jobs waiting for a slot", queueLength);
    if (heldRequests) this.#gauge("stint_held_requests", "Requests being held open", heldRequests);
    if (outputBytes) {
      this.#gauge("stint_history_bytes", "Output and standard input kept of jobs that have ended", outputBytes);
    }
    if (disk) this.#diskGauges(disk);
    if (keys) this.#gauge("stint_keys", "Keys stored", keys);
  }

  jobStarted(): void {
    this.#jobsStarted.inc();
  }

  jobFinished(state: FinalJobState): void {
    this.#jobsFinished.inc({ state });
  }

  /** `reason`: which limit it was over; `bytes`: what it kept on the disk. */
  jobForgotten(reason: string, bytes: number): void {
    this.#forgottenJobs.inc({ reason });
    this.#forgottenBytes.inc({ reason }, bytes);
  }

  keyWritten(): void {
    this.#keyWrites.inc();
  }

  /** `route` is the pattern that was registered, never the path that was asked for; `seconds` the time it took. */
  requestAnswered(method: string, route: string, status: number, seconds: number): void {
    this.#requests.add(method, route, status, seconds);
  }

  committed(outcome: CommitOutcome, seconds: number): void {
    this.#commits.add(outcome, seconds);
  }

  /** Everything in Prometheus' text format. Rejects when a gauge's source does. */
  async scrape(): Promise<string> {
    return `${await this.#registry.metrics()}\n${this.#requests.text()}${this.#commits.text()}`;
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      async collect() {
        this.set(await read());
      },
    });
  }

  /** One look for both, which are collected at the same time. */
  #diskGauges(read: () => Promise<{ free: number; size: number }>): void {
    let looking: ReturnType<typeof read> | undefined;
    const look = () => looking ??= read().finally(() => looking = undefined);
    this.#gauge("stint_disk_free_bytes", "Room left where the data directory lies", async () => (await look()).free);
    this.#gauge("stint_disk_size_bytes", "Size of what the data directory lies on", async () => (await look()).size);
  }

  #jobGauge(read: () => Promise<Record<JobState, number>>): void {
    new Gauge({
      name: "stint_jobs",
      help: "Jobs in the history, by state",
      labelNames: ["state"],
      registers: [this.#registry],
      async collect() {
        const counts = await read();
        for (const state of JOB_STATES) this.set({ state }, counts[state]);
      },
    });
  }
}
