/** Runs a line as somebody would who types it. */

export interface Printed {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `line` through `/bin/sh` with an empty standard input. `env` is added to the environment. */
export async function shell(
  line: string,
  { cwd, env }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Printed> {
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", line],
    cwd,
    env: { LC_ALL: "C.UTF-8", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Whether a program of that name is installed. */
export function isInstalled(name: string): boolean {
  return new Deno.Command("/bin/sh", { args: ["-c", `command -v ${name}`], stdout: "null", stderr: "null" })
    .outputSync().success;
}
