/** The resident shells: as many as there are jobs at once, and a few in reserve. */

import { setImmediate } from "node:timers";
import { quote } from "./quote.ts";
import type { Identity } from "./record.ts";
import type { Room } from "./room.ts";
import { Runner, type RunnerOptions } from "./runner.ts";

/** How many idle runners are kept. One takes about 1 MB, most of it shared. */
const MAX_IDLE = 32;

export class RunnerPool {
  readonly #idle: Runner[] = [];
  readonly #busy = new Set<Runner>();
  #boot: string | undefined;
  /** Resolves when the event loop has turned since the latest shell was started. */
  #turning: Promise<void> | undefined;

  constructor(readonly options: RunnerOptions, readonly room: Room) {}

  /**
   * An idle runner, or a new one, as soon as the system has room for it. Give it back with {@link release}.
   *
   * Starting a shell holds up the thread until the new process has been given a processor, so no more than one is started
   * in a turn of the event loop.
   * @throws when no shell can be started.
   */
  take(): Promise<Runner> {
    return this.room.have(() => this.#take());
  }

  async #take(): Promise<Runner> {
    let runner = this.#takeIdle();
    while (!runner) {
      if (this.#turning) {
        await this.#turning;
        runner = this.#takeIdle();
      } else runner = this.#start();
    }
    this.#busy.add(runner);
    return runner;
  }

  #takeIdle(): Runner | undefined {
    let runner = this.#idle.pop();
    // Killed while it was idle.
    while (runner && !runner.open) runner = this.#idle.pop();
    return runner;
  }

  #start(): Runner {
    const runner = new Runner(this.options);
    this.#turning = new Promise((resolve) =>
      setImmediate(() => {
        this.#turning = undefined;
        resolve();
      })
    );
    return runner;
  }

  release(runner: Runner): void {
    this.#busy.delete(runner);
    if (!runner.open) return;
    if (this.#idle.length < MAX_IDLE) this.#idle.push(runner);
    else void runner.close();
    this.room.freed();
  }

  /** The kernel's id of this boot. */
  async boot(): Promise<string> {
    if (this.#boot === undefined) {
      const runner = await this.take();
      this.#boot = await runner.boot;
      this.release(runner);
    }
    return this.#boot;
  }

  /** Which of these processes are no more: not there, dead and not yet waited for, or another one by that number. */
  async gone<T extends Pick<Identity, "pid" | "start">>(processes: T[]): Promise<Set<T>> {
    const found = new Set<T>();
    const runner = await this.take();
    const words = processes.flatMap(({ pid, start }) => [pid, quote(start)]);
    const outcome = await runner.run(`stint_alive ${words.join(" ")}`, ([word, pid, start]) => {
      if (word !== "gone") return;
      for (const process of processes) if (process.pid === Number(pid) && process.start === start) found.add(process);
    });
    this.release(runner);
    return outcome === "ended" ? found : new Set();
  }

  /** Lets all go; those with a job in hand see to its end. */
  async close(): Promise<void> {
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((runner) => runner.close()));
    this.#busy.clear();
  }
}
