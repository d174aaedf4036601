/** Where the runners of a server find its `setsid`. */

import type { Log } from "../log.ts";
import { removeIfThere } from "../output/files.ts";
import { setsidProgram } from "./program.ts";

/** Fields 1 and 6 of `/proc/self/stat` are a process and its session: says so when the shell that reads them leads one. */
const LEADS = 'read -r pid _ _ _ _ session _ </proc/self/stat; [ "$pid" = "$session" ] && echo leads';

/**
 * Puts the program into `directory` and tries it; its path. Undefined where there is none for this machine, or it cannot
 * be run there (a file system that is mounted `noexec`, a security policy, no room): jobs are started by setsid(1) then.
 */
export async function installSetsid(directory: string, log: Log): Promise<string | undefined> {
  const program = Deno.build.os === "linux" ? setsidProgram(Deno.build.arch) : undefined;
  if (!program) return undefined;
  const path = `${directory}/setsid`;
  try {
    // Beside its place first: what an earlier server's job is just running cannot be written to.
    await removeIfThere(`${path}.new`);
    await Deno.writeFile(`${path}.new`, program, { mode: 0o500, createNew: true });
    await Deno.rename(`${path}.new`, path);
    const { stdout, stderr } = await new Deno.Command("/bin/sh", {
      args: ["-c", 'exec "$0" -- /bin/sh -c "$1"', path, LEADS],
      clearEnv: true,
      cwd: "/",
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const decoder = new TextDecoder();
    if (decoder.decode(stdout) === "leads\n") return path;
    throw new Error(decoder.decode(stderr).trim() || "It does not do what it is to do.");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn("Stint's own setsid cannot be run; jobs are started by the system's, which takes longer.", { reason });
    return undefined;
  }
}
