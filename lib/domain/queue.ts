/** A named queue: how many of the host's slots its jobs may use, and whether it lets any start. */

/** The queue of every job that names none. It is always there. */
export const DEFAULT_QUEUE = "default";

export interface Queue {
  name: string;
  /** How many of its jobs may be active at once; null: only the host's slots limit them. */
  slots: number | null;
  /** Paused: none of its jobs is started. Those that are active go on. */
  paused: boolean;
  /** How many jobs may be in it that are not active; null: any number. */
  maxQueued: number | null;
}

/** How many jobs of a queue there are, by what they are doing. */
export interface QueueLoad {
  /** Waiting for nothing but their turn. */
  ready: number;
  /** Waiting for a time or for other jobs. */
  waiting: number;
  /** Paused before they began. */
  held: number;
  /** With processes, paused ones included. */
  running: number;
}

/** The load of a queue that has no jobs. */
export function noLoad(): QueueLoad {
  return { ready: 0, waiting: 0, held: 0, running: 0 };
}

/** A queue as it is before anybody has said anything about it. */
export function plainQueue(name: string): Queue {
  return { name, slots: null, paused: false, maxQueued: null };
}
