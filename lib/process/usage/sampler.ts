/**
 * Looks now and then at what the running jobs take of the machine: one look for all of them, the first when a job is a
 * tenth of a second old, later ones ever further apart. A job that is quicker is never looked at, and costs nothing.
 */

import { type Usage, withLook } from "../../domain/usage.ts";
import type { Log } from "../log.ts";
import { parseLook } from "./look.ts";
import { USAGE_SCRIPT } from "../scripts/usage.ts";
import { runScript } from "../shell.ts";

/** A run as the sampler needs it. */
export interface Sampled {
  readonly request: { readonly cookie: string };
  readonly ended: Promise<unknown>;
  usage: Usage | null;
}

/** From a job's start to the first look at it; milliseconds. Afterwards the pause is as long as the job is old… */
const FIRST_MS = 100;
/** …up to this. */
const LONGEST_MS = 2000;
/** After a look there is a pause so many times as long as the look took: no more than 2 % of one processor. */
const REST = 50;

export class Sampler {
  /** When each run was begun and is due to be looked at, on the steady clock. */
  readonly #runs = new Map<Sampled, { begun: number; due: number }>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> = Promise.resolve();
  #notBefore = 0;
  #closed = false;
  #failing = false;

  constructor(readonly log: Log, readonly look: () => Promise<string> = lookWithShell) {}

  add(run: Sampled): void {
    const begun = performance.now();
    this.#runs.set(run, { begun, due: begun + FIRST_MS });
    run.ended.then(() => this.#runs.delete(run));
    if (this.#timer === undefined) this.#arm(FIRST_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #arm(ms: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#tick()
        .catch((error) => this.#failed(error))
        .then(() => {
          this.#timer = undefined;
          if (this.#runs.size > 0) this.#arm(this.#untilNext());
        });
    }, ms);
  }

  /** Looks if a job is due; jobs that are nearly due are looked at along with it. */
  async #tick(): Promise<void> {
    const began = performance.now();
    if (this.#untilNext() > 0) return;
    try {
      const usages = parseLook(await this.look());
      for (const run of this.#runs.keys()) {
        const usage = usages.get(run.request.cookie);
        if (usage) run.usage = withLook(run.usage, usage);
      }
      this.#failing = false;
    } finally {
      const now = performance.now();
      for (const times of this.#runs.values()) {
        times.due = now + Math.min(LONGEST_MS, Math.max(FIRST_MS, now - times.begun));
      }
      this.#notBefore = now + REST * (now - began);
    }
  }

  /** Said once, until it works again. */
  #failed(error: unknown): void {
    if (!this.#failing) this.log.warn("Could not see what the running jobs take.", { error: String(error) });
    this.#failing = true;
  }

  #untilNext(): number {
    const due = Math.min(...[...this.#runs.values()].map((times) => times.due));
    return Math.max(0, Math.max(due, this.#notBefore) - performance.now());
  }
}

async function lookWithShell(): Promise<string> {
  return (await runScript(USAGE_SCRIPT)).stdout;
}
