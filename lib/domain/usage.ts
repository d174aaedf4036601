/** What a job takes of the machine. */

/**
 * As seen by looking at its living processes from time to time, so what happens between two looks is only known as far
 * as the kernel adds it up. Null: the kernel does not say.
 */
export interface Usage {
  /** Bytes that all its processes had in memory at the last look; shared ones count once for each. */
  memory: number;
  /**
   * Bytes: the largest sum of what all its processes had in memory at one look, or the highest mark of one of them, if
   * that is more. Memory that processes share counts once for each.
   */
  memoryPeak: number;
  /** Seconds of processor time. */
  cpu: number | null;
  /** Bytes that storage was really asked for, and given; what came from the page cache is not in it. */
  diskRead: number | null;
  diskWritten: number | null;
}

/** Takes in another look; but for what it has in memory no figure ever falls, though processes leave. */
export function withLook(before: Usage | null, look: Usage): Usage {
  if (!before) return look;
  const most = (a: number | null, b: number | null) => a === null ? b : b === null ? a : Math.max(a, b);
  return {
    memory: look.memory,
    memoryPeak: Math.max(before.memoryPeak, look.memoryPeak),
    cpu: most(before.cpu, look.cpu),
    diskRead: most(before.diskRead, look.diskRead),
    diskWritten: most(before.diskWritten, look.diskWritten),
  };
}
