/** Editing a job that has not begun. */

import { type Job, type JobSpec, queueOf, type Waits, waitsOf } from "../../domain/job.ts";
import { Problem } from "../../domain/errors.ts";
import { divertsSecrets, editedSpec, type JobEdit, movesWaits } from "../../domain/job_edit.ts";
import { transition } from "../../domain/job_transition.ts";
import { DEFAULT_QUEUE } from "../../domain/queue.ts";
import { FULL_ACCESS, type JobAccess } from "./access.ts";
import type { Admission } from "./admission.ts";
import { asksForConfinement, confinable } from "./confining.ts";
import type { JobContext } from "./context.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Queues } from "./queues.ts";
import type { JobRegister } from "./register.ts";

/** The job was edited by somebody else since it was looked at. */
class Overtaken extends Error {}

export class Editing {
  constructor(
    private readonly context: JobContext,
    private readonly register: JobRegister,
    private readonly queues: Queues,
    private readonly admission: Admission,
    private readonly dependencies: Dependencies,
  ) {}

  /**
   * Edits a job in the queue. It keeps its id, and with it its place among those of its priority.
   * @throws {Problem} `not_found`, `invalid_transition` once it has begun, `invalid_request` for a queue or a job that is
   * not there, `queue_full` when it is to go into a queue that is, and what `access` refuses.
   */
  async edit(id: number, edit: JobEdit, access: JobAccess = FULL_ACCESS): Promise<Job> {
    for (;;) {
      const { value } = await this.register.get(id);
      try {
        return await this.#edit(value, edit, access);
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
      }
    }
  }

  async #edit(seen: Job, edit: JobEdit, access: JobAccess): Promise<Job> {
    access.touch(seen);
    const spec = access.bind(editedSpec(seen.spec, edit));
    // Whether it may be edited at all is said before what may be wrong with the edit.
    transition(seen, { type: "edit", spec }, this.context.clock.now());
    if (divertsSecrets(seen.spec, edit, spec)) {
      throw new Problem(
        "invalid_transition",
        `Job ${seen.id} has a secret_env, which was given for its command as it is. Submit another job.`,
        { members: { state: seen.state } },
      );
    }
    if (asksForConfinement(spec)) await confinable(this.context, spec);
    if (!movesWaits(edit)) return await this.#put(seen, spec);
    const waits = await this.admission.waitsOf(spec, seen);
    const job = await this.#put(seen, spec, { waits });
    await this.dependencies.catchUp(job);
    return (await this.register.get(seen.id)).value;
  }

  #put(seen: Job, spec: JobSpec, moved?: { waits: Waits | undefined }): Promise<Job> {
    const change = () =>
      this.register.change(seen.id, (job) => {
        if (JSON.stringify(job.spec) !== JSON.stringify(seen.spec)) throw new Overtaken();
        return { type: "edit", spec, waits: moved ? moved.waits : waitsOf(job) };
      });
    const queue = spec.queue ?? DEFAULT_QUEUE;
    if (queue === queueOf(seen)) return change();
    return this.queues.admit(queue, (_checks, full) => full ? Promise.reject(full) : change());
  }
}
