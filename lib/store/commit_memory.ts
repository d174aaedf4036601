import type { CommitResult } from "../services/ports/store.ts";

/**
 * The answers to the latest commits, by their ids: at least `capacity` of them, at most twice as many. Kept in two
 * generations, of which the older is dropped as a whole: taking out the oldest entry of a large map one by one is slow.
 */
export class CommitMemory {
  #young = new Map<string, CommitResult>();
  #old = new Map<string, CommitResult>();

  constructor(readonly capacity: number) {}

  get(id: string): CommitResult | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }

  set(id: string, answer: CommitResult): void {
    this.#young.set(id, answer);
    if (this.#young.size < this.capacity) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
