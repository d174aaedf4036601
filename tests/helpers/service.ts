/** The service as a user starts it: a process of its own, on a free port, in a temporary directory. */

import { type Answer, call, type CallOptions } from "./call.ts";
import { assertFits } from "./contract.ts";
import { eventually } from "./eventually.ts";
import { commandLineOf, isAlive, processesWith } from "./left_behind.ts";
import { plainEnvironment, program } from "./program.ts";

export interface ServiceOptions {
  /** Added to `--port 0 --data DIRECTORY`. */
  args?: string[];
  /** Data directory. Default: a new one, removed at the end. */
  data?: string;
  /** Added to the environment. */
  env?: Record<string, string>;
  /** What is started in the place of the program. */
  program?: Program;
}

/** An executable, and what comes before the service's own arguments. */
export interface Program {
  command: string;
  args: string[];
}

/** What is still there of its jobs after so many milliseconds is left behind. */
const ENDING_MS = 10_000;

/** Starts the service and waits until it says where it listens. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const root = await Deno.makeTempDir({ prefix: "stint-e2e-" });
  const service = new Service(root, options);
  try {
    await service.start();
  } catch (error) {
    await service[Symbol.asyncDispose]();
    throw error;
  }
  return service;
}

/** It ended, with that exit code, before it said where it listens, or said something else. */
class NotStarted extends Error {
  constructor(readonly code: number | undefined, logs: string) {
    super(`The service did not start (exit ${code}): ${logs}`);
  }
}

export class Service implements AsyncDisposable {
  readonly data: string;
  /** An empty directory for whatever a test needs. */
  readonly files: string;
  url = "";
  port = 0;
  firstLine = "";
  /** A line for the shell to run before the program, such as `ulimit -n 64`. */
  before = ":";
  #child?: Deno.ChildProcess;
  #starts = 0;

  constructor(private readonly root: string, private readonly options: ServiceOptions) {
    this.data = options.data ?? `${root}/data`;
    this.files = `${root}/files`;
    Deno.mkdirSync(this.files, { recursive: true });
    Deno.mkdirSync(this.#temporary, { recursive: true });
  }

  get pid(): number {
    if (!this.#child) throw new Error("The service is not running.");
    return this.#child.pid;
  }

  /** Starts the program; `args` in the place of those that the service was made with. */
  async start(args: string[] = this.options.args ?? [], as = this.options.program ?? program()): Promise<void> {
    const { command, args: first } = as;
    this.#starts++;
    // The output goes to a file: a pipe would need somebody who reads it all the time.
    const child = new Deno.Command("/bin/sh", {
      args: [
        "-c",
        // Apart, since the runtime writes its own news (what it downloads, the first time) to standard error.
        `${this.before}; exec "$0" "$@" >'${this.#log}.out' 2>'${this.#log}.err'`,
        command,
        ...first,
        "--port",
        "0",
        "--data",
        this.data,
        ...args,
      ],
      // Jobs are given the service's TMPDIR: that is how they are found when they are left behind.
      env: { ...plainEnvironment(), TMPDIR: this.#temporary, ...this.options.env },
      clearEnv: true,
      cwd: this.root,
      stdin: "null",
    }).spawn();
    this.#child = child;
    let exited: number | undefined;
    child.status.then(({ code }) => exited = code);
    await eventually("the service says where it listens", async () => {
      const text = await Deno.readTextFile(`${this.#log}.out`);
      return text.includes("\n") || exited !== undefined;
    }, 60_000);
    this.firstLine = (await Deno.readTextFile(`${this.#log}.out`)).split("\n")[0]!;
    const url = /https?:\/\/\S+?:(\d+)/.exec(this.firstLine);
    if (exited !== undefined) this.#child = undefined;
    if (exited !== undefined || !url) throw new NotStarted(exited, this.logs());
    this.url = url[0];
    this.port = Number(url[1]);
  }

  /** Asks it to stop and waits for it; returns its exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    this.signal(signal);
    return await this.exit();
  }

  signal(signal: Deno.Signal): void {
    this.#child?.kill(signal);
  }

  /** Waits until it has ended; returns its exit code. */
  async exit(): Promise<number> {
    const child = this.#child;
    if (!child) throw new Error("The service is not running.");
    const limit = setTimeout(() => child.kill("SIGKILL"), 60_000);
    const { code } = await child.status;
    clearTimeout(limit);
    this.#child = undefined;
    return code;
  }

  /** Kills it as a power cut would: nothing is flushed, nobody is told. */
  async kill9(): Promise<void> {
    await this.stop("SIGKILL");
  }

  /** Starts it again on the same data, after stopping it if it runs. It may listen on another port. */
  async restart(args?: string[], as?: Program): Promise<void> {
    if (this.#child) await this.stop();
    await this.start(args, as);
  }

  /** Starts a program that is to end by itself, before or after it says where it listens; returns its exit code. */
  async startToDie(args: string[], as: Program): Promise<number> {
    try {
      await this.start(args, as);
    } catch (error) {
      if (!(error instanceof NotStarted)) throw error;
      if (error.code !== undefined) return error.code;
    }
    return await this.exit();
  }

  /** All that it has printed since its first start. */
  logs(): string {
    const texts = [];
    for (let i = 1; i <= this.#starts; i++) {
      for (const stream of ["out", "err"]) texts.push(Deno.readTextFileSync(`${this.root}/log.${i}.${stream}`));
    }
    return texts.join("");
  }

  /** The entries of `error.log`. */
  async errors(): Promise<Record<string, unknown>[]> {
    const text = await Deno.readTextFile(`${this.data}/error.log`);
    return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }

  /** Asks, and holds the answer to the contract. */
  async call(method: string, path: string, options?: CallOptions): Promise<Answer> {
    const answer = await call(this.url, method, path, options);
    assertFits(method, path, answer, answer.text);
    return answer;
  }

  /** Processes of its jobs, those that have hidden themselves included. */
  async jobProcesses(): Promise<number[]> {
    const pids = await processesWith(`TMPDIR=${this.#temporary}`);
    const resident = new Set(this.#child ? [this.#child.pid] : []);
    const jobs = [];
    for (const pid of pids) {
      const environment = await Deno.readTextFile(`/proc/${pid}/environ`).catch(() => "");
      if (!resident.has(pid) && environment.includes("\0STINT_JOB_COOKIE=") && await isAlive(pid)) jobs.push(pid);
    }
    return jobs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const log = this.#child ? this.logs() : "";
    if (this.#child) {
      // A job that a test has just ended may take a moment to be over. What does not end is found below.
      const over = async () => (await this.jobProcesses()).length === 0;
      await eventually("no job runs", over, ENDING_MS).catch(() => false);
      await this.stop();
    }
    const left = await this.jobProcesses();
    const names = [];
    for (const pid of left) {
      names.push(`${pid} ${await commandLineOf(pid)}`);
      try {
        Deno.kill(pid, "SIGKILL");
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    if (left.length > 0) {
      await eventually("what was left behind is gone", async () => (await this.jobProcesses()).length === 0);
    }
    // Again, where the keeper of a job that was killed adds its last words to what is being removed.
    await eventually("its files are removed", async () => {
      await Deno.remove(this.root, { recursive: true });
      return true;
    });
    if (names.length > 0) {
      console.error(`Job processes were left behind: ${names.join("; ")}\n${log}`);
      // Fails the test, as an exception would, but one thrown here would hide the one that the test has thrown.
      Deno.exitCode = 1;
    }
  }

  get #log(): string {
    return `${this.root}/log.${this.#starts}`;
  }

  get #temporary(): string {
    return `${this.root}/tmp`;
  }
}
