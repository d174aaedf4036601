/** Letting a job into the queue: whether there is room, and what it has to wait for. */

import { Problem } from "../../domain/errors.ts";
import { isEnded, type Job, type JobSpec, type Waits, waitsOf } from "../../domain/job.ts";
import { DEFAULT_QUEUE } from "../../domain/queue.ts";
import type { Change, Conflict } from "../ports/store.ts";
import type { JobContext } from "./context.ts";
import { type Dependencies, unmet } from "./dependencies.ts";
import { noSuchQueue, type Queues } from "./queues.ts";

/** What a new job is committed with. */
export interface Plan {
  waits?: Waits;
  /** To be thrown if it does not start at once: its queue is full. */
  full?: Problem;
  /** Conditions on others. */
  checks: Change[];
  /** What it means when one of them does not hold. */
  refused(conflict: Conflict): Problem;
}

export class Admission {
  constructor(
    private readonly context: JobContext,
    private readonly queues: Queues,
    private readonly dependencies: Dependencies,
  ) {}

  /**
   * Puts a job into its queue; `create` commits it. Gives the job as it is then: cancelled already when what it was to
   * come after has failed.
   * @throws {Problem} `invalid_request` for a queue or a job that is not there, `queue_full`, and what `create` throws.
   */
  admit(spec: JobSpec, create: (plan: Plan) => Promise<Job>): Promise<Job> {
    const queue = spec.queue ?? DEFAULT_QUEUE;
    return this.queues.admit(queue, async (checks, full) => {
      const waits = await this.waitsOf(spec);
      const after = waits?.for ?? [];
      const job = await create({
        ...(waits && { waits }),
        ...(full && { full }),
        checks: [...after.map((id): Change => ({ kind: "job", id, expect: { is: "present" } })), ...checks],
        // The change of index 0 is the job's own.
        refused: ({ index }) => index <= after.length ? noSuchDependency(spec, after[index - 1]!) : noSuchQueue(queue),
      });
      if (after.length === 0) return job;
      // Some may have ended since they were looked at, when nobody knew yet that this one waits for them.
      await this.dependencies.catchUp(job);
      return (await this.context.store.jobs.get(job.id))?.value ?? job;
    });
  }

  /**
   * What a job has to wait for that is to be as `spec` says. `present`: the job as it is, if there is one already. It may
   * come after older jobs only, which keeps jobs from waiting for each other in a circle; and one that it came after may
   * have been removed since it ended.
   * @throws {Problem} `invalid_request` for a job that is not there.
   */
  async waitsOf(spec: JobSpec, present?: Job): Promise<Waits | undefined> {
    const left: number[] = [];
    for (const id of new Set(spec.after ?? [])) {
      if (present && id >= present.id) {
        throw refusal(spec, id, `Job ${present.id} can only come after jobs that are older, and ${id} is not`);
      }
      const found = (await this.context.store.jobs.get(id))?.value;
      if (!found && !present?.spec.after?.includes(id)) throw noSuchDependency(spec, id);
      const met = found ? isEnded(found) && unmet(found, spec.condition) === undefined : !stillWaits(present, id);
      if (!met) left.push(id);
    }
    const later = spec.startAt !== undefined && spec.startAt > this.context.clock.wall();
    if (!later && left.length === 0) return undefined;
    return { ...(later && { until: spec.startAt }), ...(left.length > 0 && { for: left }) };
  }
}

function stillWaits(job: Job | undefined, id: number): boolean {
  return job !== undefined && (waitsOf(job)?.for?.includes(id) ?? false);
}

export function noSuchDependency(spec: Pick<JobSpec, "after">, id: number): Problem {
  return refusal(spec, id, `There is no job ${id} to come after; GET /api/jobs lists what there is`);
}

function refusal(spec: Pick<JobSpec, "after">, id: number, detail: string): Problem {
  const pointer = `/after/${spec.after?.indexOf(id) ?? 0}`;
  return new Problem("invalid_request", `${detail}.`, { errors: [{ pointer, detail }] });
}
