/** The values of jobs' `secret_env`: kept until a job needs them no more, and not a moment longer. */

import { Problem } from "../../domain/errors.ts";
import { attemptOf, isActive, isEnded, type Job } from "../../domain/job.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { JobContext } from "./context.ts";
import type { JobRegister, Keeping } from "./register.ts";

export class JobSecrets {
  readonly #secrets: Secrets | undefined;

  constructor(private readonly context: JobContext) {
    this.#secrets = context.secrets;
  }

  /** Begins to let go of the values of jobs that end, and of what an earlier server did not get to. */
  async open(register: JobRegister): Promise<void> {
    register.onChange((job) => {
      if (isEnded(job) && job.spec.secretEnv) this.#forget(job.id);
    });
    for (const id of await this.#secrets?.ids() ?? []) {
      const job = (await this.context.store.jobs.get(id))?.value;
      if (!job || !stillNeeds(job)) await this.#secrets?.remove(id);
    }
  }

  /** For a job that is about to be committed: its values are on disk before it is. */
  keeping(values: Record<string, string> | undefined): Keeping | undefined {
    if (!values || Object.keys(values).length === 0) return undefined;
    const secrets = this.#secrets;
    if (!secrets) throw new Error("Nothing was given in which secrets could be kept.");
    return { put: (id) => secrets.put(id, values), drop: (id) => secrets.remove(id) };
  }

  /** The job with its values among its variables, to be started; never to be kept or shown. */
  async revealed(job: Job): Promise<Job> {
    const values = await this.#secrets?.get(job.id);
    if (!values) throw new Error("The values of its secret_env are gone.");
    return { ...job, spec: { ...job.spec, env: { ...job.spec.env, ...values } } };
  }

  /** The job's processes have begun. */
  began(job: Job): void {
    if (!stillNeeds(job)) this.#forget(job.id);
  }

  #forget(id: number): void {
    this.#secrets?.remove(id).catch((error) =>
      this.context.onError(`The secret_env of job ${id} could not be removed; the next start tries again`, error)
    );
  }
}

/** Whether a job may have to be started, once more or at all. */
function stillNeeds(job: Job): boolean {
  if (isEnded(job) || !job.spec.secretEnv) return false;
  return !isActive(job) || attemptOf(job) <= (job.spec.retries ?? 0);
}

/** Refuses to repeat a job without the values that it had. @throws {Problem} `secrets_gone`. */
export function assertGivenAgain({ id, spec }: Job, values: Record<string, string> = {}): void {
  const missing = (spec.secretEnv ?? []).filter((name) => !Object.hasOwn(values, name));
  if (missing.length === 0) return;
  const example = JSON.stringify({ secret_env: Object.fromEntries(missing.map((name) => [name, "…"])) });
  throw new Problem(
    "secrets_gone",
    `Job ${id} was given ${missing.join(", ")} in secret_env, whose values are not kept. Send them again: ${example}.`,
    { members: { names: missing } },
  );
}
