/** The outputs of jobs: plain files that the commands write and everybody else reads. */

import type { OpenOutput, OutputName } from "../../services/ports/processes.ts";
import { outputPath, recordEnding, shardNumber, stemOf } from "../places.ts";
import { removeIfThere, sizeOf } from "./files.ts";
import { readFile, type ReadOptions } from "./read.ts";
import { SharedFile } from "./shared.ts";
import { Spares } from "./spares.ts";
import { tailOffset, textTail } from "./tail.ts";

export class Outputs {
  constructor(readonly directory: string, readonly spares = new Spares()) {}

  size(jobId: number, name: OutputName): Promise<number> {
    return sizeOf(outputPath(this.directory, jobId, name));
  }

  tail(jobId: number, name: OutputName, limit: number): Promise<{ text: string; truncated: boolean }> {
    return this.#held(jobId, name, { text: "", truncated: false }, (path) => textTail(path, limit));
  }

  read(jobId: number, name: OutputName, options: ReadOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return readFile(outputPath(this.directory, jobId, name), options);
  }

  open(jobId: number, name: OutputName): OpenOutput {
    return new SharedFile(outputPath(this.directory, jobId, name), this.spares);
  }

  tailOffset(jobId: number, name: OutputName, lines: number, signal?: AbortSignal): Promise<number> {
    return this.#held(jobId, name, 0, (path) => tailOffset(path, lines, signal));
  }

  /** Reads a file that is not given away meanwhile; `absent` when there is none. */
  async #held<T>(jobId: number, name: OutputName, absent: T, read: (path: string) => Promise<T>): Promise<T> {
    const path = outputPath(this.directory, jobId, name);
    const letGo = this.spares.hold(path);
    if (!letGo) return absent;
    try {
      return await read(path);
    } finally {
      letGo();
    }
  }

  /** See `Processes.removeBeyond`. */
  async removeBeyond(lastId: number): Promise<void> {
    for await (const { name: shard } of Deno.readDir(this.directory)) {
      if (!/^\d+$/.test(shard) || Number(shard) < shardNumber(lastId)) continue;
      for await (const { name } of Deno.readDir(`${this.directory}/${shard}`)) {
        if (Number.parseInt(name) > lastId) await removeIfThere(`${this.directory}/${shard}/${name}`);
      }
    }
  }

  async remove(jobId: number, attempts = 1): Promise<void> {
    const stem = stemOf(this.directory, jobId);
    await Promise.all(["stdout", "stderr", "stdin"].map((ending) => removeIfThere(`${stem}.${ending}`)));
    // The records last: while there is one, the rest is known to be something's.
    // A run that could not even be begun has none.
    for (let attempt = 1, found = true; found || attempt <= attempts; attempt++) {
      found = false;
      for (let start = 0; await removeIfThere(`${stem}.${recordEnding(start, attempt)}`); start++) found = true;
    }
  }
}
