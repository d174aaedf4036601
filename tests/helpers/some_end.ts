/** How a job may have ended, for tests to which nothing else about the end matters. */

import type { Ended } from "../../lib/domain/job.ts";

export type SomeEnd = Omit<Ended, "run" | "resultDeleted">;

/** The end of a job that exited with 0 and printed nothing, but for what `facts` say. */
export function someEnd(facts: Partial<SomeEnd> = {}): SomeEnd {
  return {
    state: "succeeded",
    ended: 9000,
    exitCode: 0,
    signal: null,
    error: null,
    survivors: [],
    cpu: null,
    stdoutBytes: 0,
    stderrBytes: 0,
    ...facts,
  };
}
