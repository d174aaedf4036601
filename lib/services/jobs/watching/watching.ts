/** Watching what jobs write, however many look. The file is the truth: a slow viewer reads from it later, and slows nobody. */

import { setImmediate } from "node:timers/promises";
import type { JobContext } from "../context.ts";
import type { OutputName } from "../../ports/processes.ts";
import type { JobRegister } from "../register.ts";
import { type Form, JobWatch } from "./job_watch.ts";
import { Turns } from "../../turns.ts";
import { Pieces } from "./pieces.ts";

/** Milliseconds between two looks at a job's files, and how many looks there are in a millisecond over all jobs. */
const LOOK = 50;
const LOOKS_PER_MS = 2;
/** Bytes of pieces that are kept for viewers who come for them next, over all jobs. */
const KEEP = 8 * 1024 * 1024;

/** Where a viewer stands in each output: a byte offset. */
export type Places = Record<OutputName, number>;

export interface View {
  /** Where to begin. An output that is left out is not looked at. */
  from: Partial<Places>;
  form: Form;
  signal: AbortSignal;
}

/** A piece as one viewer gets it. */
export interface Part {
  output: OutputName;
  bytes: Uint8Array<ArrayBuffer>;
  /** Where the viewer stands after it. */
  at: Places;
}

export class Watching {
  readonly #context: JobContext;
  readonly #register: JobRegister;
  readonly #watches = new Map<number, JobWatch>();
  readonly #pieces = new Pieces(KEEP);
  readonly #turns = new Turns({
    now: () => performance.now(),
    turn: () => setImmediate(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

  constructor(context: JobContext, register: JobRegister) {
    this.#context = context;
    this.#register = register;
  }

  /** How many jobs are watched, and by how many viewers together. */
  get figures(): { jobs: number; viewers: number } {
    const viewers = [...this.#watches.values()].reduce((sum, watch) => sum + watch.viewers, 0);
    return { jobs: this.#watches.size, viewers };
  }

  /** Begins to watch a job that exists. To be left again by {@link JobWatch.leave}. */
  enter(jobId: number): JobWatch {
    let watch = this.#watches.get(jobId);
    if (!watch) {
      const { clock, processes } = this.#context;
      watch = new JobWatch(jobId, {
        clock,
        pieces: this.#pieces,
        openOutput: (name) => processes.openOutput(jobId, name),
        waitEnd: (signal) => this.#register.waitEnd(jobId, signal),
        pause: () => Math.max(LOOK, this.#watches.size / LOOKS_PER_MS),
        turn: () => setImmediate(),
        turns: this.#turns,
        closed: () => this.#watches.delete(jobId),
      });
      this.#watches.set(jobId, watch);
    }
    return watch.enter();
  }
}

/**
 * The pieces from a viewer's place on, then those that are still to come, until the job has ended and all was given, or
 * the signal aborts. Memory for one viewer: the piece that it has been given.
 */
export async function* partsOf(watch: JobWatch, { from, form, signal }: View): AsyncGenerator<Part> {
  const at: Places = { stdout: from.stdout ?? 0, stderr: from.stderr ?? 0 };
  const outputs = (["stdout", "stderr"] as const).filter((name) => from[name] !== undefined);
  while (!signal.aborted) {
    // Both before looking: what comes meanwhile is found by looking again.
    const { revision, over } = watch;
    let moved = false;
    for (const output of outputs) {
      const piece = await watch.piece(output, at[output], form);
      if (!piece) continue;
      try {
        if (signal.aborted) return;
        moved = true;
        at[output] = piece.end;
        yield { output, bytes: piece.bytes, at: { ...at } };
      } finally {
        piece.release();
      }
    }
    if (moved) continue;
    if (over) return;
    await watch.news(revision, signal);
  }
}
