/** The operating system's side of jobs: the only place that starts or signals processes. */

import { type Faults, noFaults } from "../services/ports/faults.ts";
import type { Processes } from "../services/ports/processes.ts";
import { adopt } from "./adopt.ts";
import { Confinement } from "./confinement/confinement.ts";
import type { Context } from "./context.ts";
import { baseEnvironment } from "./environment.ts";
import { type Log, silent } from "./log.ts";
import { Outputs } from "./output/outputs.ts";
import { Spares } from "./output/spares.ts";
import { Room } from "./room.ts";
import { Run } from "./run.ts";
import { RunnerPool } from "./runner_pool.ts";
import { installSetsid } from "./setsid/install.ts";
import { start } from "./start.ts";
import { Sampler } from "./usage/sampler.ts";
import { Watch } from "./watch.ts";

export interface ProcessesOptions {
  /** Where the runs have their directories; an absolute path. Created if it is not there. */
  directory: string;
  /** The jobs' `HOME` and default working directory. Default: the server's user's. */
  home?: string;
  /** The jobs' umask. Default: `022`; the server's own files are private. */
  umask?: string;
  /** The shell that runners are. Default: `/bin/sh`. Commands always get `/bin/sh`. */
  shell?: string;
  /** Whether jobs are put into control groups where the system lets one make them. Default: true. */
  controlGroups?: boolean;
  /** Default: jobs are kept from nothing. */
  confinement?: Confinement;
  log?: Log;
  faults?: Faults;
}

export async function openProcesses(options: ProcessesOptions): Promise<Processes> {
  const {
    directory,
    home,
    umask = "022",
    confinement = new Confinement(),
    shell = "/bin/sh",
    controlGroups = true,
    log = silent,
    faults = noFaults,
  } = options;
  if (!directory.startsWith("/")) throw new TypeError(`Not an absolute path: ${directory}`);
  await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
  const base = baseEnvironment(home, confinement.options.user);
  const [spares, setsid] = await Promise.all([
    Spares.open(`${directory}/spare`, log),
    // Not for jobs of another user, who may own a directory above this one and could put a program of theirs there.
    confinement.options.user ? undefined : installSetsid(directory, log),
  ]);
  const pool = new RunnerPool({ shell, path: base["PATH"]!, controlGroups, setsid }, new Room(log));
  const watch = new Watch(pool, log);
  const context: Context = { directory, shards: new Set(), base, umask, confinement, spares, pool, watch, log, faults };
  const outputs = new Outputs(directory, spares);
  const sampler = new Sampler(log);
  const looked = <T>(handle: T): T => {
    if (handle instanceof Run && !handle.settled) sampler.add(handle);
    return handle;
  };
  const beginning = new Set<Promise<unknown>>();
  const finishFirst = <T>(work: Promise<T>): Promise<T> => {
    beginning.add(work);
    const done = () => void beginning.delete(work);
    work.then(done, done);
    return work;
  };
  return {
    start: (request) => finishFirst(start(context, request).then(looked)),
    adopt: (request) => finishFirst(adopt(context, request).then(looked)),
    objection: (spec) => confinement.objection(spec),
    outputSize: (jobId, name) => outputs.size(jobId, name),
    outputTail: (jobId, name, limit) => outputs.tail(jobId, name, limit),
    readOutput: (jobId, name, options) => outputs.read(jobId, name, options),
    openOutput: (jobId, name) => outputs.open(jobId, name),
    tailOffset: (jobId, name, lines, signal) => outputs.tailOffset(jobId, name, lines, signal),
    removeOutput: (jobId, attempts) => outputs.remove(jobId, attempts),
    removeBeyond: (lastId) => outputs.removeBeyond(lastId),
    tidy: () => spares.tidy(),
    async close() {
      pool.room.close();
      // A start is either made or not made: nobody shall have to guess.
      await Promise.allSettled(beginning);
      await sampler.close();
      await watch.close();
      await pool.close();
      await spares.close();
    },
  };
}
