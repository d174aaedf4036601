/** The outputs of jobs: plain files that the commands write and everybody else reads. */

import type { OpenOutput, OutputName } from "../../services/ports/processes.ts";
import { outputPath, recordEnding, shardNumber, stemOf } from "../places.ts";
import { removeIfThere, sizeOf } from "./files.ts";
import { readFile, type ReadOptions } from "./read.ts";
import { SharedFile } from "./shared.ts";
import { tailOffset, textTail } from "./tail.ts";

export class Outputs {
  constructor(readonly directory: string) {}

  size(jobId: number, name: OutputName): Promise<number> {
    return sizeOf(outputPath(this.directory, jobId, name));
  }

  tail(jobId: number, name: OutputName, limit: number): Promise<{ text: string; truncated: boolean }> {
    return textTail(outputPath(this.directory, jobId, name), limit);
  }

  read(jobId: number, name: OutputName, options: ReadOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return readFile(outputPath(this.directory, jobId, name), options);
  }

  open(jobId: number, name: OutputName): OpenOutput {
    return new SharedFile(outputPath(this.directory, jobId, name));
  }

  tailOffset(jobId: number, name: OutputName, lines: number, signal?: AbortSignal): Promise<number> {
    return tailOffset(outputPath(this.directory, jobId, name), lines, signal);
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

  async remove(jobId: number): Promise<void> {
    const stem = stemOf(this.directory, jobId);
    await Promise.all(["stdout", "stderr", "stdin"].map((ending) => removeIfThere(`${stem}.${ending}`)));
    // The records last: while there is one, the rest is known to be something's.
    for (let attempt = 0; await removeIfThere(`${stem}.${recordEnding(attempt)}`); attempt++);
  }
}
