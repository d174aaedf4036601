/** What a job took of the machine, or has taken so far. */

import { isActive, isEnded, type Job } from "../../domain/job.ts";
import type { Usage } from "../../domain/usage.ts";
import type { Processes } from "../ports/processes.ts";

/** Null: not known, or not yet. */
export interface Resources {
  /** Seconds of processor time, in user and kernel mode together. */
  cpu: number | null;
  /** Bytes; see `Usage`. None of what has ended. */
  memory: number | null;
  memoryPeak: number | null;
  diskRead: number | null;
  diskWritten: number | null;
  /** Bytes fed to its standard input, and printed on both outputs. */
  input: number;
  output: number;
}

/** Of a job in any state; `usage`: what was seen of one that runs. */
export async function resourcesOf(job: Job, usage: Usage | null, processes: Processes): Promise<Resources> {
  if (isEnded(job)) {
    const { user, system } = job.cpu ?? { user: null, system: null };
    // What the kernel added up at the end knows more than the last look.
    const cpu = user === null ? job.usage?.cpu ?? null : rounded(user + system);
    return { ...figures(job, job.usage ?? null), memory: null, cpu, output: job.stdoutBytes + job.stderrBytes };
  }
  const printed = isActive(job)
    ? await processes.outputSize(job.id, "stdout") + await processes.outputSize(job.id, "stderr")
    : 0;
  return { ...figures(job, usage), output: printed };
}

function figures({ spec }: Job, usage: Usage | null): Omit<Resources, "output"> {
  return {
    cpu: usage?.cpu ?? null,
    memory: usage?.memory ?? null,
    memoryPeak: usage?.memoryPeak ?? null,
    diskRead: usage?.diskRead ?? null,
    diskWritten: usage?.diskWritten ?? null,
    input: new TextEncoder().encode(spec.stdin ?? "").length,
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
