/** What the end of a job's processes means for the job. */

import type { Breach } from "../../domain/confinement.ts";
import type { Ended, FinalJobState, StopIntent } from "../../domain/job.ts";
import type { RunEnd } from "../ports/processes.ts";

export interface EndFacts {
  stdoutBytes: number;
  stderrBytes: number;
  survivors: number[];
  now: number;
}

/** For people: which limit it was. */
const BREACHES: Record<Breach, string> = {
  memory: "A process of it was killed because they took more memory than its limit allows.",
  cpu: "It used up the processor time that its limit allows.",
  processes: "It asked for more processes than its limit allows.",
};

/**
 * A job that was asked to stop is `terminated` or `timed_out` however it went, or `failed` where it wrote too much; else
 * its own end counts.
 */
export function endOf(
  end: RunEnd,
  stop: StopIntent | undefined,
  facts: EndFacts,
): Omit<Ended, "run" | "resultDeleted"> {
  const { stdoutBytes, stderrBytes, survivors, now } = facts;
  const common = { stdoutBytes, stderrBytes, survivors, exitCode: null, signal: null, cpu: null };
  const outlived = stop ? "These processes outlived SIGKILL" : "These processes of it are still there";
  const left = survivors.length > 0 ? [`${outlived}: ${survivors.join(", ")}.`] : [];
  const error = [...(stop?.error ? [stop.error] : []), ...left].join(" ") || null;
  if (end.how === "exited") {
    const state = stop ? stateAfter(stop) : (end.code === 0 ? "succeeded" : "failed");
    const broke = end.broke && state === "failed" ? [BREACHES[end.broke]] : [];
    const why = [...broke, ...(error ? [error] : [])].join(" ") || null;
    return { ...common, state, ended: end.ended, exitCode: end.code, signal: end.signal, cpu: end.cpu, error: why };
  }
  if (stop) return { ...common, state: stateAfter(stop), ended: now, error };
  if (end.how === "not_started") return { ...common, state: "failed", ended: now, error: end.reason };
  return {
    ...common,
    state: "lost",
    ended: now,
    error: ["Its process vanished without a trace: the machine was restarted, or something killed it and its keeper."]
      .concat(error ?? []).join(" "),
  };
}

function stateAfter({ reason }: StopIntent): FinalJobState {
  return reason === "output_limit" ? "failed" : reason;
}
