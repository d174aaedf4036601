/** What the parts of the job engine share. */

import type { Clock } from "../../clock.ts";
import type { Job } from "../../domain/job.ts";
import type { Change, Store } from "../ports/store.ts";
import type { Faults } from "../ports/faults.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { Processes } from "../ports/processes.ts";
import type { Slots } from "../slots.ts";

/** Somebody who wants something written together with a change of a job: the worker slot in which it runs. */
export interface Companion {
  /** Changes that belong into the same commit as the job's. */
  changesWith(next: Job): Change[] | Promise<Change[]>;
  /** The commit that held them is on disk. */
  committed(next: Job): void;
}

export interface JobContext {
  store: Store;
  processes: Processes;
  slots: Slots;
  clock: Clock;
  /** How many bytes of each output a result shows, and the search index takes in. */
  inlineOutput: number;
  /** Bytes that each output of a job may have that says nothing else. Default: 1 GiB. */
  maxOutput?: number;
  /** Where values of `secret_env` are kept. Default: nowhere, and no job may have any. */
  secrets?: Secrets;
  companion?: Companion;
  faults?: Faults;
  /** Something went wrong that no caller hears of. */
  onError(message: string, error: unknown): void;
}
