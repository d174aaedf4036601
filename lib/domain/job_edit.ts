/** Changing what a job is to be. */

import { Problem } from "./errors.ts";
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

/**
 * The specification with these secrets in the place of those that it had.
 * @throws {Problem} `invalid_request` where a variable would be both secret and not.
 */
export function withSecrets({ secretEnv: _before, ...spec }: JobSpec, secrets: Record<string, string> = {}): JobSpec {
  const names = Object.keys(secrets).sort();
  const both = names.find((name) => Object.hasOwn(spec.env ?? {}, name));
  if (both !== undefined) {
    const detail = `The job has ${both} in env already`;
    throw new Problem("invalid_request", `${detail}.`, { errors: [{ pointer: `/secret_env/${both}`, detail }] });
  }
  return names.length > 0 ? { ...spec, secretEnv: names } : spec;
}

/** What a job with secrets was trusted with them for: who may edit it need not be who knows them. */
const TRUSTED = ["command", "argv", "cwd", "env", "stdin", "sandbox"] as const;

/**
 * Whether the edit would hand the job's secrets to something else, or let them out of its sandbox. `next`: the
 * specification that would come of it, into which the bounds of a token may have put something.
 */
export function divertsSecrets(spec: JobSpec, edit: JobEdit, next: JobSpec): boolean {
  if (spec.secretEnv === undefined) return false;
  return TRUSTED.some((name) => edit[name] !== undefined || JSON.stringify(spec[name]) !== JSON.stringify(next[name]));
}

/** Whether the edit changes what the job waits for. */
export function movesWaits(edit: JobEdit): boolean {
  return edit.startAt !== undefined || edit.after !== undefined || edit.condition !== undefined;
}

/** The specification of a job that repeats another: at once, and after nobody. */
export function againSpec({ startAt: _at, after: _after, condition: _condition, ...spec }: JobSpec): JobSpec {
  return spec;
}
