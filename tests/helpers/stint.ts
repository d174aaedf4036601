/** The commands as somebody calls them who has `stint` in the path. */

import { plainEnvironment, program } from "./program.ts";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Piped in; nothing: an empty standard input. */
  input?: string | Uint8Array<ArrayBuffer>;
  env?: Record<string, string>;
  cwd?: string;
}

/** Writes a program `stint` into `directory`, for shells whose path has it. */
export async function installStint(directory: string): Promise<void> {
  const { command, args } = program();
  const line = [command, ...args].map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(`${directory}/stint`, `#!/bin/sh\nexec ${line} "$@"\n`, { mode: 0o755 });
}

/** The environment of a client of `server`, with no configuration but that. */
export function clientEnvironment(server: string, home: string): Record<string, string> {
  return { STINT_SERVER: server.replace(/\/$/, ""), HOME: home, XDG_CONFIG_HOME: `${home}/.config` };
}

/** Milliseconds after which a command that does not end is killed, so that no test waits for it for ever. */
const LIMIT = 60_000;

/** Starts a command; its output can be read and signals be sent. Killed after a minute. */
export function startStint(args: string[], { env = {}, cwd }: RunOptions = {}): Deno.ChildProcess {
  const { command, args: first } = program();
  const child = new Deno.Command(command, {
    args: [...first, ...args],
    // What the runtime needs to find its packages stays.
    env: { ...plainEnvironment(), DENO_DIR: denoDirectory(), ...env },
    clearEnv: true,
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT);
  child.status.then(() => clearTimeout(limit));
  return child;
}

/** Runs a command to its end. */
export async function stint(args: string[], options: RunOptions = {}): Promise<Ran> {
  const child = startStint(args, options);
  const writer = child.stdin.getWriter();
  const { input } = options;
  // A command that does not read what it is given may be gone before all of it is written.
  const written = input === undefined
    ? writer.close()
    : writer.write(typeof input === "string" ? new TextEncoder().encode(input) : input).then(() => writer.close());
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), written.catch(() => undefined)]);
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Where the runtime keeps its packages, whatever HOME says. */
export function denoDirectory(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`}/deno`;
}
