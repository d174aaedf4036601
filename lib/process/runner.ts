/** One resident shell, and the lines that are exchanged with it. */

import { quote } from "./quote.ts";
import { type Cpu, difference, parseTimes } from "./record.ts";
import { RUNNER_SCRIPT } from "./scripts/runner.ts";

/** How a task of a runner came to its end: it said so, it could not begin, or the runner itself is gone. */
export type Outcome = "ended" | "failed" | "closed";

/** Bytes of a runner's answers that are read at once; most are shorter than a hundred. */
const BUFFER = 1024;

/** What the final line of a task means. */
const FINAL: Record<string, Outcome> = { ended: "ended", checked: "ended", failed: "failed" };

/**
 * Starts the runner and leaves at once, so that the runtime has no child to take along when it dies of an uncaught
 * exception. The runner gets a clean environment, a session of its own, so that neither Ctrl-C at the server's terminal
 * nor the end of that terminal reaches a job, and every signal as it is by default: what a shell puts behind `&`, or a
 * server that was itself started so, has SIGINT ignored and would pass that on. (An `env` that cannot do that last thing
 * leaves jobs deaf to SIGINT and SIGQUIT until they say otherwise.)
 */
const START_RUNNER = `
if env --default-signal true 2>/dev/null; then reset=--default-signal; else reset=; fi
exec 4<&0
env -i $reset PATH="$PATH" setsid "$0" -s <&4 4<&- &
`;

export interface RunnerOptions {
  shell: string;
  /** Where it finds its programs. */
  path: string;
  /** Whether jobs are put into control groups where that is possible. */
  controlGroups: boolean;
  /** The path of Stint's own setsid, where there is one (`setsid/install.ts`). */
  setsid?: string;
}

export class Runner {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamBYOBReader;
  #task: { onLine: (words: string[]) => void; done: (outcome: Outcome) => void } | undefined;
  #open = true;
  /** Processor time of all the runner's children up to the end of the job before, as last told, and the difference. */
  #total: Cpu = { user: 0, system: 0 };
  #times: Cpu = this.#total;
  #spent: Cpu | null = null;
  /** The kernel's id of this boot, once the runner has said hello; `-` where there is none. */
  readonly boot: Promise<string>;
  readonly #greet: (boot: string) => void;
  readonly #finished: Promise<unknown>;

  /** @throws when no shell can be started (out of processes, memory or file handles). */
  constructor({ shell, path, controlGroups, setsid = "" }: RunnerOptions) {
    const hello = Promise.withResolvers<string>();
    this.boot = hello.promise;
    this.#greet = hello.resolve;
    this.#process = new Deno.Command("/bin/sh", {
      args: ["-c", START_RUNNER, shell],
      clearEnv: true,
      env: { PATH: path },
      cwd: "/",
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#output = this.#process.stdout.getReader({ mode: "byob" });
    this.#write(`stint_alone=${controlGroups ? "" : "yes"} stint_own=${quote(setsid)}\n${RUNNER_SCRIPT}`);
    this.#finished = Promise.all([this.#listen(), this.#process.status]);
  }

  get open(): boolean {
    return this.#open;
  }

  /** Processor time of the latest job, in the kernel's ticks of 10 ms; null when the runner does not say. */
  get spent(): Cpu | null {
    return this.#spent;
  }

  /**
   * Has the runner do `source`, one line that calls one of its functions; `onLine` gets the words of each answer,
   * the last one too. One task at a time.
   */
  run(source: string, onLine: (words: string[]) => void): Promise<Outcome> {
    if (!this.#open) return Promise.resolve("closed");
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#task = { onLine, done: resolve };
    this.#spent = null;
    this.#write(source + "\n");
    return promise;
  }

  /**
   * Lets go: the runner ends after what it has in hand. Waits for that only when it is idle; what it would say of a task
   * is not heard any more.
   */
  async close(): Promise<void> {
    const busy = this.#task !== undefined;
    this.#task = undefined;
    this.#open = false;
    await this.#input.close().catch(ignoreBrokenPipe);
    if (busy) await this.#output.cancel();
    await this.#finished;
  }

  #write(text: string): void {
    // What was not taken shows in the end of the output.
    this.#input.write(new TextEncoder().encode(text)).catch(ignoreBrokenPipe);
  }

  async #listen(): Promise<void> {
    const decoder = new TextDecoder();
    let buffer = new Uint8Array(BUFFER);
    let rest = "";
    while (true) {
      const { value, done } = await this.#output.read(buffer).catch(() => ({ value: undefined, done: true }));
      if (done || value === undefined) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      // The same memory again: a new piece for each read would cost more than the reading.
      buffer = new Uint8Array(value.buffer);
      rest = lines.pop() ?? "";
      for (const line of lines) if (!this.#count(line)) this.#take(line.split(" "));
    }
    this.#open = false;
    this.#greet("-");
    await this.#input.abort().catch(ignoreBrokenPipe);
    this.#end("closed");
  }

  /** Takes in a line of `times`, if it is one. The shell's own comes first, then that of its children. */
  #count(line: string): boolean {
    const times = parseTimes(line);
    if (!times) return false;
    this.#spent = difference(this.#total, times);
    this.#times = times;
    return true;
  }

  #take(words: string[]): void {
    const outcome = FINAL[words[0]!];
    if (words[0] === "ended") this.#total = this.#times;
    if (words[0] === "hello") this.#greet(words[1] ?? "-");
    else this.#task?.onLine(words);
    if (outcome) this.#end(outcome);
  }

  #end(outcome: Outcome): void {
    const task = this.#task;
    this.#task = undefined;
    task?.done(outcome);
  }
}

/** A runner that has gone is noticed by the end of its output, whoever wrote to it. */
function ignoreBrokenPipe(error: unknown): void {
  if (!(error instanceof Error)) throw error;
}
