/** The outputs of jobs: plain files that the commands write and everybody else reads, in their own places from then on. */

import type { OpenOutput, OutputName } from "../../services/ports/processes.ts";
import { parseRecord } from "../record.ts";
import { outputPath, recordEnding, shardNumber, stemOf } from "../places.ts";
import { removeIfThere, sizeOf } from "./files.ts";
import { readFile, type ReadOptions } from "./read.ts";
import { SharedFile } from "./shared.ts";
import type { Spares } from "./spares.ts";
import { tailOffset, textTail } from "./tail.ts";

export class Outputs {
  constructor(readonly directory: string, readonly spares: Spares) {}

  /** In its own place from then on, unless it is empty. */
  async size(jobId: number, name: OutputName): Promise<number> {
    const path = outputPath(this.directory, jobId, name);
    const lent = this.spares.where(path);
    if (lent !== path && await sizeOf(lent) === 0 && this.spares.where(path) === lent) return 0;
    await this.spares.settle(path);
    return await sizeOf(path);
  }

  async tail(jobId: number, name: OutputName, limit: number): Promise<{ text: string; truncated: boolean }> {
    return await textTail(await this.#settled(jobId, name), limit);
  }

  async read(jobId: number, name: OutputName, options: ReadOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return await readFile(await this.#settled(jobId, name), options);
  }

  open(jobId: number, name: OutputName): OpenOutput {
    return new SharedFile(outputPath(this.directory, jobId, name), this.spares);
  }

  async tailOffset(jobId: number, name: OutputName, lines: number, signal?: AbortSignal): Promise<number> {
    return await tailOffset(await this.#settled(jobId, name), lines, signal);
  }

  /** The path of an output that is in its own place. */
  async #settled(jobId: number, name: OutputName): Promise<string> {
    const path = outputPath(this.directory, jobId, name);
    await this.spares.settle(path);
    return path;
  }

  /** See `Processes.removeBeyond`. */
  async removeBeyond(lastId: number): Promise<void> {
    for await (const { name: shard } of Deno.readDir(this.directory)) {
      if (!/^\d+$/.test(shard) || Number(shard) < shardNumber(lastId)) continue;
      for await (const { name } of Deno.readDir(`${this.directory}/${shard}`)) {
        if (Number.parseInt(name) > lastId) await this.#removeFile(`${this.directory}/${shard}/${name}`);
      }
    }
  }

  /** With what was lent to the run, where the file is a record. */
  async #removeFile(path: string): Promise<void> {
    if (/\.run[^/]*$/.test(path)) await this.spares.removeLent(parseRecord(await Deno.readTextFile(path)).lent ?? []);
    await removeIfThere(path);
  }

  async remove(jobId: number, attempts = 1): Promise<void> {
    const stem = stemOf(this.directory, jobId);
    await Promise.all([this.spares.drop(`${stem}.stdout`), this.spares.drop(`${stem}.stderr`)]);
    await Promise.all(["stdout", "stderr", "stdin"].map((ending) => removeIfThere(`${stem}.${ending}`)));
    // The records last: while there is one, the rest is known to be something's.
    // A run that could not even be begun has none.
    for (let attempt = 1, found = true; found || attempt <= attempts; attempt++) {
      found = false;
      for (let start = 0; await removeIfThere(`${stem}.${recordEnding(start, attempt)}`); start++) found = true;
    }
  }
}
