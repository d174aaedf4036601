/** Taking jobs in. */

import { Problem } from "../../domain/errors.ts";
import type { Job, JobSpec } from "../../domain/job.ts";
import { transition } from "../../domain/job_transition.ts";
import { DEFAULT_QUEUE } from "../../domain/queue.ts";
import { KeyedLock } from "../keyed_lock.ts";
import type { Change } from "../ports/store.ts";
import type { Lease } from "../slots.ts";
import type { Admission } from "./admission.ts";
import { asksForConfinement, confinable } from "./confining.ts";
import type { JobContext } from "./context.ts";
import type { JobSecrets } from "./job_secrets.ts";
import type { JobRegister } from "./register.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Supervisor } from "./supervisor.ts";

export interface SubmitOptions {
  /** The client's `Idempotency-Key` and a digest of what it asked for; `owner`: whose keys are apart from all others. */
  idempotency?: { key: string; digest: string; owner?: string };
  /** Values of its `secret_env`. */
  secrets?: Record<string, string>;
  /** The job that it repeats. */
  rerunOf?: number;
}

/** A job bound to a worker slot: starts at once, in that slot. */
export interface WorkerSubmit {
  workerId: string;
  lease: Lease;
  /** Values of its `secret_env`. */
  secrets?: Record<string, string>;
  /** Committed together with the new job, which is passed in. */
  changes(job: Job): Change[];
}

export class Submission {
  readonly #idempotent = new KeyedLock<string>();
  #open = false;

  constructor(
    private readonly context: JobContext,
    private readonly register: JobRegister,
    private readonly admission: Admission,
    private readonly scheduler: Scheduler,
    private readonly supervisor: Supervisor,
    private readonly secrets: JobSecrets,
  ) {}

  /** Nothing is taken in before it, nor after {@link close}. */
  open(): void {
    this.#open = true;
  }

  close(): void {
    this.#open = false;
  }

  /**
   * Takes a job in: to start at once if it may, a slot is free and nobody waits for one, else into its queue. It is on
   * disk when this resolves. `repeated`: the same request made it before.
   * @throws {Problem} `invalid_request` for a queue or a job to come after that is not there, `queue_full`,
   * `idempotency_mismatch`, `shutting_down`, `storage_full`, `storage_failed`.
   */
  submit(spec: JobSpec, options: SubmitOptions = {}): Promise<{ job: Job; repeated: boolean }> {
    const { idempotency } = options;
    if (!idempotency) return this.#create(spec, options).then((job) => ({ job, repeated: false }));
    const { owner, key: shown, digest } = idempotency;
    // No header field holds a line break, so no key of others looks like this one.
    const key = owner === undefined ? shown : `${owner}\n${shown}`;
    return this.#idempotent.run(key, async () => {
      const first = await this.context.store.jobs.byIdempotencyKey(key);
      if (!first) {
        return { job: await this.#create(spec, { ...options, idempotency: { key, digest } }), repeated: false };
      }
      if (first.value.idempotency?.digest === digest) return { job: first.value, repeated: true };
      throw new Problem(
        "idempotency_mismatch",
        `Idempotency-Key ${shown} was used for another request, which made job ${first.value.id}. ` +
          "Repeat that request as it was, or use a new key.",
        { members: { job_id: first.value.id } },
      );
    });
  }

  /** Makes a job that starts at once in a worker's slot. */
  async inWorker(spec: JobSpec, { workerId, lease, changes, secrets }: WorkerSubmit): Promise<Job> {
    this.#refuseWhenClosed();
    if (asksForConfinement(spec)) await confinable(this.context, spec);
    const now = this.context.clock.now();
    const job = await this.register.create((id): Job => ({
      ...this.#facts(id, spec, now),
      workerId,
      state: "running",
      run: { started: now, pausedMs: 0 },
    }), { others: changes, keeping: this.secrets.keeping(secrets) });
    this.supervisor.begin(job, lease);
    return job;
  }

  async #create(spec: JobSpec, { idempotency, rerunOf, secrets }: SubmitOptions): Promise<Job> {
    this.#refuseWhenClosed();
    if (asksForConfinement(spec)) await confinable(this.context, spec);
    const now = this.context.clock.now();
    return await this.admission.admit(spec, ({ waits, full, checks, refused }) => {
      const queued = (id: number): Job => ({
        ...this.#facts(id, spec, now),
        ...(idempotency && { idempotency }),
        ...(rerunOf !== undefined && { rerunOf }),
        state: "queued",
        ...(waits && { waits }),
      });
      const create = (starts: boolean) =>
        this.register.create(queued, {
          others: () => checks,
          keeping: this.secrets.keeping(secrets),
          refused,
          ...(starts && { then: (job) => transition(job, { type: "start" }, now) }),
        });
      return this.scheduler.enter(spec.queue ?? DEFAULT_QUEUE, { waits: waits !== undefined, full }, create);
    });
  }

  #facts(id: number, spec: JobSpec, created: number) {
    return { id, spec, created, cookie: crypto.randomUUID() };
  }

  #refuseWhenClosed(): void {
    if (this.#open) return;
    throw new Problem("shutting_down", "The server is stopping and takes no more jobs.", { retryAfter: 5 });
  }
}
