/** What the threads of a process have had of the processors, by the scheduler's own count (`/proc/PID/task`). */

export interface Thread {
  /** `main` for the first. */
  name: string;
  /** Milliseconds that it ran. */
  ms: number;
}

/** The threads of a process, by their ids. */
export function threadsOf(pid: number): Map<string, Thread> {
  const threads = new Map<string, Thread>();
  for (const { name: id } of Deno.readDirSync(`/proc/${pid}/task`)) {
    try {
      const place = `/proc/${pid}/task/${id}`;
      const name = Deno.readTextFileSync(`${place}/comm`).trim();
      const ms = Number(Deno.readTextFileSync(`${place}/schedstat`).split(" ")[0]) / 1e6;
      threads.set(id, { name: id === String(pid) ? "main" : name, ms });
    } catch (error) {
      // It has ended since the directory was read.
      if (!(error instanceof Error)) throw error;
    }
  }
  return threads;
}

/** Begins to count; what is returned tells the milliseconds that the first thread and all others have run since. */
export function countThreads(pid: number): () => { main: number; others: number } {
  const before = threadsOf(pid);
  return () => {
    const spent = { main: 0, others: 0 };
    for (const [id, { name, ms }] of threadsOf(pid)) {
      spent[name === "main" ? "main" : "others"] += ms - (before.get(id)?.ms ?? 0);
    }
    return spent;
  };
}
