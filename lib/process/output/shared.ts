/** One open file for all who read an output. */

import type { OpenOutput } from "../../services/ports/processes.ts";
import { openOrNothing, readAt } from "./files.ts";
import type { Spares } from "./spares.ts";

export class SharedFile implements OpenOutput {
  #file: Deno.FsFile | undefined;
  /** Reading moves the file's one position, so one does it after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;
  #size = 0;

  constructor(readonly path: string, readonly spares: Spares) {}

  size(): number {
    try {
      this.#size = (this.#file ? this.#file.statSync() : Deno.statSync(this.spares.where(this.path))).size;
    } catch (error) {
      // Not there (yet), or not to be looked at now: who reads it is told what is wrong with it.
      if (!(error instanceof Error)) throw error;
    }
    return this.#size;
  }

  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const result = this.#turn.then(() => this.#read(start, length));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  close(): void {
    this.#closed = true;
    this.#turn.then(() => this.#close());
  }

  async #read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!this.#closed && !this.#file) await this.#open();
    return this.#file ? await readAt(this.#file, start, length) : new Uint8Array(0);
  }

  async #open(): Promise<void> {
    await this.spares.settle(this.path);
    this.#file = await openOrNothing(this.path);
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
