/** What a job may take of the machine, and what of it it may see. */

/** Each that is there is a limit; those that are not are the server's own, or none. */
export interface Limits {
  /** Bytes of memory: of all its processes together where its control group can hold them to it, else of each one's address space. */
  memory?: number;
  /** Seconds of processor time, of each of its processes. */
  cpu?: number;
  /** Files that each of its processes may have open. */
  files?: number;
  /** Processes: its own where its control group can count them, else all that its user has. */
  processes?: number;
}

/** A room of its own: the file system read only, its own `/tmp`, no other processes to be seen. */
export interface Sandbox {
  /** Whether it reaches the network. */
  network: boolean;
  /** Absolute paths that it may write to. */
  write: string[];
}

/** What a limit was that a job came to its end by. */
export type Breach = "memory" | "cpu" | "processes";

/** A job's limits under a server's: its own, but never more than those; those where it has none. */
export function limitsUnder(caps: Limits, wanted: Limits = {}): Limits {
  const all: Limits = { ...caps };
  for (const name of LIMIT_NAMES) {
    const value = Math.min(wanted[name] ?? Infinity, caps[name] ?? Infinity);
    if (value !== Infinity) all[name] = value;
  }
  return all;
}

/** By their names in the contract. */
export const LIMIT_FIELDS = {
  memory: "memory_bytes",
  cpu: "cpu_seconds",
  files: "open_files",
  processes: "processes",
} as const satisfies Record<keyof Limits, string>;

export const LIMIT_NAMES = ["memory", "cpu", "files", "processes"] as const satisfies (keyof Limits)[];
