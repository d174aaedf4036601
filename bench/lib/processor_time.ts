/**
 * Where the processors' time goes, by control groups (cgroups(7), version 2), which count every process that was ever in
 * them, however short its life, and by threads. Only where control groups may be made.
 */

import { type Thread, threadsOf } from "./threads.ts";

/** Milliseconds. */
export interface Spent {
  /** This process: whoever asks, or starts the processes. */
  own: number;
  /** The server's threads, by name. */
  threads: Map<string, number>;
  /** All processes in the group of the server or of the loops that are neither of those. */
  processes: number;
  /** What the processors did for nobody. */
  idle: number;
  /** What they did for somebody else on this machine. */
  others: number;
}

export class ProcessorTime {
  private constructor(private readonly group: string) {}

  /** Undefined where no control group can be made. */
  static open(): ProcessorTime | undefined {
    try {
      const mount = /^\S+ (\S+) cgroup2 /m.exec(Deno.readTextFileSync("/proc/self/mounts"))?.[1];
      const own = /^0::(.*)$/m.exec(Deno.readTextFileSync("/proc/self/cgroup"))?.[1];
      if (mount === undefined || own === undefined) return undefined;
      const group = `${mount}${own.replace(/\/$/, "")}/bench-${Deno.pid}`;
      for (const part of ["", "/server", "/loops"]) Deno.mkdirSync(group + part);
      Deno.writeTextFileSync(`${group}/loops/cgroup.procs`, String(Deno.pid));
      return new ProcessorTime(group);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return undefined;
    }
  }

  /** A line for the shell by which a server enters its group. */
  get enter(): string {
    return `echo 0 >'${this.group}/server/cgroup.procs'`;
  }

  /** The directory of a control group of its own, for processes of a loop. `n`: which of them. */
  lane(n: number): string {
    const lane = `${this.group}/loops/lane-${n}`;
    Deno.mkdirSync(lane, { recursive: true });
    return lane;
  }

  /** Begins to count; the function that is returned tells what was spent since. */
  begin(pid?: number): () => Spent {
    const before = this.#look(pid);
    return () => {
      const now = this.#look(pid);
      const spent = (part: "own" | "groups" | "idle" | "busy") => now[part] - before[part];
      const threads = new Map<string, number>();
      for (const [id, { name, ms }] of now.threads) {
        threads.set(name, (threads.get(name) ?? 0) + ms - (before.threads.get(id)?.ms ?? 0));
      }
      const server = [...threads.values()].reduce((sum, ms) => sum + ms, 0);
      return {
        own: spent("own"),
        threads,
        processes: spent("groups") - spent("own") - server,
        idle: spent("idle"),
        others: Math.max(0, spent("busy") - spent("groups")),
      };
    };
  }

  /** Back to where this process was. Groups that still hold somebody stay. */
  close(): void {
    const parent = this.group.slice(0, this.group.lastIndexOf("/"));
    Deno.writeTextFileSync(`${parent}/cgroup.procs`, String(Deno.pid));
    remove(this.group);
  }

  #look(pid: number | undefined) {
    const words = Deno.readTextFileSync("/proc/stat").split("\n")[0]!.split(/\s+/).slice(1).map(Number);
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0] = words.map((ticks) => ticks * 10);
    return {
      own: [...threadsOf(Deno.pid).values()].reduce((sum, { ms }) => sum + ms, 0),
      threads: pid === undefined ? new Map<string, Thread>() : threadsOf(pid),
      groups: Number(/usage_usec (\d+)/.exec(Deno.readTextFileSync(`${this.group}/cpu.stat`))![1]) / 1000,
      idle: idle + wait,
      busy: user + nice + system + irq + softirq,
    };
  }
}

function remove(group: string): void {
  try {
    for (const { name, isDirectory } of Deno.readDirSync(group)) if (isDirectory) remove(`${group}/${name}`);
    Deno.removeSync(group);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
