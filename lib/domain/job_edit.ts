/** Changing what a job is to be. */

import type { JobSpec } from "./job.ts";

/** Seconds between SIGTERM and SIGKILL where nothing else is asked for. */
export const DEFAULT_GRACE = 5;
export const DEFAULT_PRIORITY = 0;

/** Each field that is there takes the place of the old one as a whole; null takes the old one away. */
export type JobEdit = { [Field in keyof JobSpec]?: JobSpec[Field] | null };

/** The specification after an edit. A command takes the place of `argv`, and the other way round. */
export function editedSpec(spec: JobSpec, edit: JobEdit): JobSpec {
  const { command, argv, ...rest } = spec;
  const commands = edit.command != null || edit.argv != null ? {} : { command, argv };
  const merged = Object.entries({ ...commands, ...rest, ...edit }).filter(([, value]) => value != null);
  return { grace: DEFAULT_GRACE, priority: DEFAULT_PRIORITY, ...Object.fromEntries(merged) };
}

/** Whether the edit changes what the job waits for. */
export function movesWaits(edit: JobEdit): boolean {
  return edit.startAt !== undefined || edit.after !== undefined || edit.condition !== undefined;
}

/** The specification of a job that repeats another: at once, and after nobody. */
export function againSpec({ startAt: _at, after: _after, condition: _condition, ...spec }: JobSpec): JobSpec {
  return spec;
}
