/** The environment of a job. */

import { userInfo } from "node:os";
import type { User } from "./confinement/user.ts";
import { PATH } from "./shell.ts";

/** The variable by whose value the processes of a job are known, whatever they do to their ancestry. */
export const COOKIE_VARIABLE = "STINT_JOB_COOKIE";

/** Where programs are found. */
export function programPath(): string {
  return Deno.env.get("PATH") || PATH;
}

/** What every job has: nothing of the server's own environment but where programs, the user and temporary files are. */
export function baseEnvironment(home?: string, runAs?: User): Record<string, string> {
  const user = userInfo();
  if (runAs) return { ...baseEnvironment(runAs.home), USER: runAs.name, LOGNAME: runAs.name, TMPDIR: "/tmp" };
  return {
    PATH: programPath(),
    HOME: home ?? (Deno.env.get("HOME") || user.homedir),
    USER: user.username,
    SHELL: "/bin/sh",
    LANG: "C.UTF-8",
    TMPDIR: Deno.env.get("TMPDIR") || "/tmp",
  };
}

/**
 * Names that a shell gives a meaning to, or that only some shells let one set; and ours. A job that sets one of them,
 * or a name that is no identifier, gets its environment from `env`, which costs one `exec` more.
 */
const SPECIAL =
  /^(_|IFS|ENV|PS[0-9]|PPID|UID|EUID|GROUPS|LINENO|OPT(IND|ARG|ERR)|RANDOM|SECONDS|SHELLOPTS|HIST.*|MAIL.*|FUNCNAME|FUNCNEST|DIRSTACK|POSIXLY_CORRECT|LC_.*|BASH.*|COMP_.*|stint_.*)$/;

/** Whether a shell's `export` can be trusted with all the names. */
export function isExportable(names: string[]): boolean {
  return names.every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !SPECIAL.test(name));
}
