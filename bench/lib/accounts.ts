/** What each contender takes of the processors for a piece of its work. */

import { ProcessorTime, type Spent } from "./processor_time.ts";
import type { Contender } from "./rounds.ts";
import { printTable } from "./table.ts";

/** The thread in which the store writes. */
const WRITER = "worker-1";

export class Accounts {
  readonly #time = ProcessorTime.open();
  readonly #all = new Map<string, { count: number; spent: Spent[] }>();

  /** A line for the shell by which a server is counted. */
  get enter(): string {
    return this.#time?.enter ?? ":";
  }

  /** The directory of the n-th control group for processes of a loop; empty where none can be made. */
  lane(n: number): string {
    return this.#time?.lane(n) ?? "";
  }

  /** The contender, counted; `pid`: its server. */
  counted(name: string, contender: Contender, pid?: number): Contender {
    const account = { count: 0, spent: [] as Spent[] };
    this.#all.set(name, account);
    return async (seconds) => {
      const since = this.#time?.begin(pid);
      const begin = performance.now();
      const rate = await contender(seconds);
      account.count += rate * (performance.now() - begin) / 1000;
      if (since) account.spent.push(since());
      return rate;
    };
  }

  /** Prints a table, where there is a way to know. */
  print(): void {
    if (!this.#time) return;
    console.log();
    printTable(
      ["ms of the processors for each", "together", "asks or loops", "main", "writer", "other threads", "processes"]
        .concat(["idle", "others"]),
      [...this.#all.keys()].map((name) => [name, ...this.#row(name)]),
    );
    console.log();
  }

  close(): void {
    this.#time?.close();
  }

  #row(name: string): number[] {
    const { count, spent } = this.#all.get(name)!;
    const each = (of: (part: Spent) => number) => spent.reduce((total, part) => total + of(part), 0) / count;
    const thread = (thread: string) => each(({ threads }) => threads.get(thread) ?? 0);
    const server = each(({ threads }) => [...threads.values()].reduce((total, ms) => total + ms, 0));
    const [main, writer] = [thread("main"), thread(WRITER)];
    const [own, processes] = [each((part) => part.own), each((part) => part.processes)];
    const [idle, others] = [each((part) => part.idle), each((part) => part.others)];
    return [own + server + processes, own, main, writer, server - main - writer, processes, idle, others];
  }
}
