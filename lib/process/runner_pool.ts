/** The resident shells: as many as there are jobs at once, and a few in reserve. */

import { quote } from "./quote.ts";
import type { Identity } from "./record.ts";
import { Runner, type RunnerOptions } from "./runner.ts";

/** How many idle runners are kept. One takes about 1 MB, most of it shared. */
const MAX_IDLE = 8;

export class RunnerPool {
  readonly #idle: Runner[] = [];
  readonly #busy = new Set<Runner>();
  #boot: string | undefined;

  constructor(readonly options: RunnerOptions) {}

  /**
   * An idle runner, or a new one. Give it back with {@link release}.
   * @throws when no shell can be started.
   */
  take(): Runner {
    let runner = this.#idle.pop();
    // Killed while it was idle.
    while (runner && !runner.open) runner = this.#idle.pop();
    runner ??= new Runner(this.options);
    this.#busy.add(runner);
    return runner;
  }

  release(runner: Runner): void {
    this.#busy.delete(runner);
    if (!runner.open) return;
    if (this.#idle.length < MAX_IDLE) this.#idle.push(runner);
    else void runner.close();
  }

  /** The kernel's id of this boot. */
  async boot(): Promise<string> {
    if (this.#boot === undefined) {
      const runner = this.take();
      this.#boot = await runner.boot;
      this.release(runner);
    }
    return this.#boot;
  }

  /** Which of these processes are no more: not there, dead and not yet waited for, or another one by that number. */
  async gone<T extends Pick<Identity, "pid" | "start">>(processes: T[]): Promise<Set<T>> {
    const found = new Set<T>();
    const runner = this.take();
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
