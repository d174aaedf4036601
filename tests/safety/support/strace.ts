/** `strace`, which shows what a process asks of the system and can make some of it fail. */

import { eventually } from "../../helpers/eventually.ts";

/** Whether it is there and may be used: some containers forbid it. */
export const hasStrace: boolean = (() => {
  try {
    const { success } = new Deno.Command("strace", {
      args: ["-f", "-qq", "-o", "/dev/null", "true"],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
})();

/**
 * Makes system calls of a running process fail until it is disposed of: `await using _ = await failing(pid, …)`.
 * `inject`: as behind strace's `-e inject=`. `paths`: only calls on these files.
 */
export async function failing(pid: number, inject: string, paths: string[]): Promise<AsyncDisposable> {
  const log = await Deno.makeTempFile({ prefix: "stint-strace-" });
  const args = ["-f", "-p", String(pid), "-o", "/dev/null", "-e", `trace=${inject.split(":")[0]}`];
  args.push("-e", `inject=${inject}`, ...paths.flatMap((path) => ["-P", path]));
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", `exec strace "$@" 2>'${log}'`, "strace", ...args],
    stdin: "null",
  }).spawn();
  let ended = false;
  child.status.then(() => ended = true);
  await eventually("strace is attached", async () => {
    const said = await Deno.readTextFile(log);
    if (ended) throw new Error(`strace ended: ${said}`);
    return said.includes("attached");
  });
  return {
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGINT");
      await child.status;
      await Deno.remove(log);
    },
  };
}
