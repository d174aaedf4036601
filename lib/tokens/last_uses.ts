/** When each token was last used, to the minute: to find those that nobody needs any more. */

import { join } from "node:path";

/** Milliseconds between two writings. */
const SAVE_MS = 60_000;

export class LastUses {
  readonly #path: string;
  readonly #uses: Map<string, number>;
  #changed = false;
  #saved = 0;

  constructor(directory: string, private readonly onError: (message: string, error: unknown) => void) {
    this.#path = join(directory, "tokens.used.json");
    this.#uses = readUses(this.#path);
  }

  /** Milliseconds since the epoch; undefined when it was never used. */
  of(id: string): number | undefined {
    return this.#uses.get(id);
  }

  note(id: string, now: number): void {
    const last = this.#uses.get(id);
    if (last !== undefined && now - last < 1000) return;
    this.#uses.set(id, now);
    this.#changed = true;
  }

  saveNowAndThen(now: number): void {
    if (!this.#changed || now - this.#saved < SAVE_MS) return;
    this.#saved = now;
    this.save();
  }

  save(): void {
    if (!this.#changed) return;
    this.#changed = false;
    try {
      const next = `${this.#path}.new`;
      Deno.writeTextFileSync(next, JSON.stringify(Object.fromEntries(this.#uses)), { mode: 0o600 });
      Deno.renameSync(next, this.#path);
    } catch (error) {
      this.onError("When tokens were last used could not be written down", error);
    }
  }
}

/** Nothing depends on it: what cannot be read counts as never used. */
function readUses(path: string): Map<string, number> {
  try {
    const content: Record<string, unknown> = JSON.parse(Deno.readTextFileSync(path));
    return new Map(Object.entries(content).filter((entry): entry is [string, number] => typeof entry[1] === "number"));
  } catch {
    return new Map();
  }
}
