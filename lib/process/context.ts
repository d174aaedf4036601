/** What beginning and taking up runs have in common. */

import type { Confinement } from "./confinement/confinement.ts";
import type { Faults } from "../services/ports/faults.ts";
import type { Log } from "./log.ts";
import type { Spares } from "./output/spares.ts";
import type { RunnerPool } from "./runner_pool.ts";
import type { Watch } from "./watch.ts";

export interface Context {
  /** Where the files of all runs lie; absolute. */
  directory: string;
  /** Directories below it that are known to be there. */
  shards: Set<string>;
  /** What every job has in its environment. */
  base: Record<string, string>;
  /** The jobs' umask, in octal. */
  umask: string;
  spares: Spares;
  /** What jobs are kept from. */
  confinement: Confinement;
  pool: RunnerPool;
  watch: Watch;
  log: Log;
  faults: Faults;
}
