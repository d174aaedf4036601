import { taskArguments } from "./program.ts";

export interface Program {
  /** The first line of its standard output. */
  firstLine: string;
  /** `http://127.0.0.1:12345/` */
  address: string;
  data: string;
  kill(signal: Deno.Signal): void;
  /** Its exit code and all that it wrote to standard error, once it has ended. */
  ended: Promise<{ code: number; stderr: string }>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ProgramOptions {
  env?: Record<string, string>;
  /** A line for the shell to run before the program, such as `ulimit -n 64`. */
  before?: string;
}

/** Starts `serve` as a process of its own on a free port and an empty data directory, and waits until it listens. */
export async function serveProgram(args: string[] = [], options: ProgramOptions = {}): Promise<Program> {
  const data = await Deno.makeTempDir({ prefix: "stint-serve-" });
  const child = spawn(["serve", "--port", "0", "--data", data, ...args], options);
  const stderr = new Response(child.stderr).text();
  const ended = child.status.then(async ({ code }) => ({ code, stderr: await stderr }));
  const lines = readLines(child.stdout);
  const firstLine = (await lines.next()).value ?? "";
  const rest = lines.next();
  const address = /https?:\/\/\S+/.exec(firstLine)?.[0];
  if (address === undefined) throw new Error(`it did not start: ${JSON.stringify(await ended)}`);
  let over = false;
  ended.then(() => over = true);
  return {
    firstLine,
    address,
    data,
    kill: (signal) => child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      if (!over) child.kill("SIGKILL");
      await Promise.all([ended, rest]);
      await Deno.remove(data, { recursive: true });
    },
  };
}

/** Runs the program to its end. */
export async function runProgram(args: string[], options: ProgramOptions = {}) {
  const child = spawn(args, options);
  const [stdout, stderr, { code }] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.status,
  ]);
  return { code, stdout, stderr };
}

function spawn(args: string[], { env = {}, before = ":" }: ProgramOptions): Deno.ChildProcess {
  return new Deno.Command("/bin/sh", {
    args: ["-c", `${before}; exec "$0" "$@"`, Deno.execPath(), ...taskArguments(), ...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function* readLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
