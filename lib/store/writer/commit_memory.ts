import type { CommitResult } from "../../services/ports/store.ts";

/** The answers to the latest commits, by their ids; the oldest makes room. */
export class CommitMemory {
  readonly #answers = new Map<string, CommitResult>();

  constructor(readonly capacity: number) {}

  get(id: string): CommitResult | undefined {
    return this.#answers.get(id);
  }

  set(id: string, answer: CommitResult): void {
    this.#answers.set(id, answer);
    if (this.#answers.size <= this.capacity) return;
    const oldest = this.#answers.keys().next();
    if (!oldest.done) this.#answers.delete(oldest.value);
  }
}
