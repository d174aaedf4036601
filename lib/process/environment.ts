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
 * Names that a shell gives a meaning to, or that only some shells let one set; and ours. A variable of such a name, or of
 * one that is no identifier, is handed over by `env`, which costs one `exec` more and shows it, for the moment until
 * that, among the arguments of a process, where every user of the machine can look.
 */
const SPECIAL =
  /^(_|IFS|ENV|PS[0-9]|PPID|UID|EUID|GROUPS|LINENO|OPT(IND|ARG|ERR)|RANDOM|SECONDS|SHELLOPTS|HIST.*|MAIL.*|FUNCNAME|FUNCNEST|DIRSTACK|POSIXLY_CORRECT|LC_.*|BASH.*|COMP_.*|stint_.*)$/;

/** Whether a shell's `export` can be trusted with the name. */
export function isExportable(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !SPECIAL.test(name);
}
