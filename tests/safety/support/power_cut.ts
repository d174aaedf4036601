/** What may be left on a disk when the power goes at a given moment. */

import { basename, join } from "node:path";
import type { Operation } from "./trace.ts";

/** The smallest piece that a disk writes as a whole. */
const SECTOR = 512;

type FileOperation = Extract<Operation, { op: "write" | "truncate" }>;
type NameOperation = Extract<Operation, { op: "create" | "rename" | "unlink" }>;

/**
 * Writes into `directory` what could be left of the first `cut` operations. What was synced is there. Of what was not,
 * each write to a file is there, or not, or torn between two sectors, whatever became of the ones before it; of
 * creations, renames and removals the first few are.
 */
export async function leaveBehind(
  operations: Operation[],
  cut: number,
  directory: string,
  random: () => number,
): Promise<void> {
  const done = operations.slice(0, cut);
  const names = new Map<string, number>();
  for (const operation of survivingNames(done, random)) {
    if (operation.op === "create") names.set(operation.path, operation.file);
    if (operation.op === "unlink") names.delete(operation.path);
    if (operation.op === "rename") {
      names.set(operation.to, names.get(operation.from)!);
      names.delete(operation.from);
    }
  }
  for (const [path, file] of names) {
    // The index of the write-ahead log is made anew by whoever opens it first.
    if (path.endsWith("-shm")) continue;
    await Deno.writeFile(join(directory, basename(path)), contentOf(done, file, random));
  }
}

function survivingNames(done: Operation[], random: () => number): NameOperation[] {
  const last = done.findLast((operation) => operation.op === "sync_names");
  const synced = last?.op === "sync_names" ? last.since : 0;
  const isName = (operation: Operation): operation is NameOperation =>
    ["create", "rename", "unlink"].includes(operation.op);
  const certain = done.slice(0, synced).filter(isName);
  const doubtful = done.slice(synced).filter(isName);
  return [...certain, ...doubtful.slice(0, Math.floor(random() * (doubtful.length + 1)))];
}

function contentOf(done: Operation[], file: number, random: () => number): Uint8Array {
  const last = done.findLast((operation) => operation.op === "sync" && operation.file === file);
  const synced = last?.op === "sync" ? last.since : 0;
  const image = new Image();
  // Most cuts are kind: everything, or nothing, of what was not synced is there.
  const mood = random();
  done.forEach((operation, i) => {
    if ((operation.op !== "write" && operation.op !== "truncate") || operation.file !== file) return;
    if (i < synced) image.apply(operation);
    else if (mood < 0.2) return;
    else if (mood < 0.4 || random() < 0.4) image.apply(operation);
    else if (random() < 0.5) image.apply(torn(operation, random));
  });
  return image.bytes();
}

function torn(operation: FileOperation, random: () => number): FileOperation {
  if (operation.op === "truncate") return operation;
  const { at, bytes } = operation;
  const sectors = Math.ceil((at + bytes.length) / SECTOR) - Math.floor(at / SECTOR);
  if (sectors < 2) return operation;
  const end = (Math.floor(at / SECTOR) + 1 + Math.floor(random() * (sectors - 1))) * SECTOR;
  return { ...operation, bytes: bytes.subarray(0, end - at) };
}

/** A file's content while it is put together. */
class Image {
  #bytes = new Uint8Array(1 << 16);
  #size = 0;

  apply(operation: FileOperation): void {
    const size = operation.op === "truncate"
      ? operation.size
      : Math.max(this.#size, operation.at + operation.bytes.length);
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = larger;
    }
    if (operation.op === "write") this.#bytes.set(operation.bytes, operation.at);
    else this.#bytes.fill(0, size, this.#size);
    this.#size = size;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }
}

/** The same numbers for the same seed (mulberry32), so that a failure can be looked at again. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
