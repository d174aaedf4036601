/** Looks through the database now and then, in a thread of its own, while the store is in use. */

import type { FromCheck, ToCheck } from "./messages.ts";

/** Between two checks, milliseconds. */
const INTERVAL = 24 * 3_600_000;

export interface Findings {
  /** The structure is damaged: going on would make it worse. */
  onFaults(faults: string[]): void;
  /** Some rows are not as they were written; they are refused when they are read. */
  onRows(rows: string[]): void;
  /** It could not be checked. */
  onFailure(reason: string): void;
}

export class BackgroundCheck {
  #worker: Worker | undefined;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(readonly path: string, readonly findings: Findings) {
    this.#timer = setInterval(() => this.run(), INTERVAL);
    Deno.unrefTimer(Number(this.#timer));
  }

  /** Begins a check, unless one is under way. */
  run(): void {
    if (this.#worker) return;
    const worker = new Worker(new URL("./check_worker.ts", import.meta.url), { type: "module", name: "store check" });
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromCheck>) => {
      this.#end();
      if (data.type === "failed") return this.findings.onFailure(data.reason);
      if (data.faults.length > 0) this.findings.onFaults(data.faults);
      if (data.rows.length > 0) this.findings.onRows(data.rows);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end();
      this.findings.onFailure(event.message);
    };
    worker.postMessage({ path: this.path } satisfies ToCheck);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#end();
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
