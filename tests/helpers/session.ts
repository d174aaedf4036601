/**
 * The README's recorded session: a block of the language `shell-session`, in which a line that begins with `$ ` is a command
 * and what follows is what it printed, on both outputs. Run in order, in one directory, with `stint` in the path.
 */

import { type Service, startService } from "./service.ts";
import { clientEnvironment, denoDirectory, installStint } from "./stint.ts";
import { rewrite, stepsOf } from "./tour.ts";

const LANGUAGE = "shell-session";

export const sessionSteps = (markdown: string) => stepsOf(markdown, LANGUAGE);

/** The text with what the commands really printed. */
export async function rewriteSession(markdown: string): Promise<string> {
  await using service = await startService();
  const run = await sessionRunner(service);
  return await rewrite(markdown, run, LANGUAGE);
}

/** Runs a command of the session against a service, and shows that as if it listened on 8080. */
export async function sessionRunner(service: Service): Promise<(command: string) => Promise<string>> {
  await installStint(service.files);
  const env = {
    ...clientEnvironment(service.url, service.files),
    DENO_DIR: denoDirectory(),
    PATH: `${service.files}:${Deno.env.get("PATH")}`,
  };
  return async (command) => {
    const args = ["-c", `exec 2>&1; ${command}`];
    const { stdout } = await new Deno.Command("/bin/sh", { args, cwd: service.files, env, stdin: "null" }).output();
    return new TextDecoder().decode(stdout).replaceAll(`:${service.port}`, ":8080");
  };
}

/** What differs from run to run, made the same: times, ages, digests. */
export function settledSession(text: string): string {
  return text
    .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, "TIME")
    .replaceAll(/\b\d+[smh]\b/g, "AGE")
    .replaceAll(/\b[0-9a-f]{12}\b/g, "SHA")
    .replaceAll(/\bversion \d+/g, "version N")
    .replaceAll(/ +/g, " ")
    .trim();
}
