/** The outputs of jobs: plain files that the commands write and everybody else reads. */

import type { OutputName } from "../../services/ports/processes.ts";
import { outputPath, recordEnding, stemOf } from "../places.ts";
import { removeIfThere, sizeOf } from "./files.ts";
import { Growth } from "./growth.ts";
import { readFile, type ReadOptions } from "./read.ts";
import { tailOffset, textTail } from "./tail.ts";

export class Outputs {
  readonly #growth = new Growth();
  readonly #closing = new AbortController();

  constructor(readonly directory: string) {}

  size(jobId: number, name: OutputName): Promise<number> {
    return sizeOf(outputPath(this.directory, jobId, name));
  }

  tail(jobId: number, name: OutputName, limit: number): Promise<{ text: string; truncated: boolean }> {
    return textTail(outputPath(this.directory, jobId, name), limit);
  }

  read(jobId: number, name: OutputName, options: ReadOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const follow = options.follow && AbortSignal.any([options.follow, this.#closing.signal]);
    return readFile(outputPath(this.directory, jobId, name), { ...options, follow }, this.#growth);
  }

  tailOffset(jobId: number, name: OutputName, lines: number): Promise<number> {
    return tailOffset(outputPath(this.directory, jobId, name), lines);
  }

  async remove(jobId: number, attempts = 1): Promise<void> {
    const stem = stemOf(this.directory, jobId);
    await Promise.all(["stdout", "stderr", "stdin"].map((ending) => removeIfThere(`${stem}.${ending}`)));
    // The records last: while there is one, the rest is known to be something's.
    for (let attempt = 1; attempt <= attempts; attempt++) {
      for (let start = 0; await removeIfThere(`${stem}.${recordEnding(start, attempt)}`); start++);
    }
  }

  /** Lets followers read what there is and end. */
  close(): void {
    this.#closing.abort();
  }
}
