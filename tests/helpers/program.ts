/** How the program is started: as the `start` task does it, or as the executable named by `STINT_EXECUTABLE`. */

const root = new URL("../../", import.meta.url).pathname;

/** The program and the arguments that come before its own. */
export function program(): { command: string; args: string[] } {
  const executable = Deno.env.get("STINT_EXECUTABLE");
  if (executable) return { command: executable, args: [] };
  return { command: Deno.execPath(), args: taskArguments() };
}

/** What the `start` task hands to `deno`, permissions included, so that a test fails where the program would need more. */
export function taskArguments(): string[] {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`)) as { tasks: { start: string } };
  const [runtime, command, ...args] = tasks.start.replaceAll('"', "").split(" ");
  if (runtime !== "deno" || args.at(-1) !== "main.ts") throw new Error(`Not understood: ${tasks.start}`);
  return [command!, "--quiet", ...args.slice(0, -1), `${root}main.ts`];
}

/** This environment without what would configure the service. */
export function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => !name.startsWith("STINT_")));
}

/** Runs the program to its end, for calls that are not to become a service. Killed after 30 s. */
export async function runProgram(
  args: string[],
  { env = {}, cwd }: { env?: Record<string, string>; cwd?: string } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { command, args: first } = program();
  const child = new Deno.Command(command, {
    args: [...first, ...args],
    env: { ...plainEnvironment(), ...env },
    clearEnv: true,
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const limit = setTimeout(() => child.kill("SIGKILL"), 30_000);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(limit);
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
