/** Tells those who wait that there is something new. */

/** How many are woken before others get their turn: each of them has work for the loop. */
const WAKE = 32;

export class Bell {
  readonly #waiting = new Set<() => void>();
  #revision = 0;
  #ringing = false;

  /** `turn`: lets the loop do other work; resolves when it is our turn again. */
  constructor(private readonly turn: () => Promise<void>) {}

  /** Rises with everything that is new. */
  get revision(): number {
    return this.#revision;
  }

  ring(): void {
    this.#revision++;
    if (!this.#ringing) this.#wake();
  }

  /** Resolves when it has rung since `revision`, or the signal aborts. */
  async news(revision: number, signal: AbortSignal): Promise<void> {
    if (revision !== this.#revision || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.#waiting.add(wake);
    signal.addEventListener("abort", wake);
    await promise;
    signal.removeEventListener("abort", wake);
    this.#waiting.delete(wake);
  }

  async #wake(): Promise<void> {
    this.#ringing = true;
    for (let told = -1; told !== this.#revision;) {
      told = this.#revision;
      const waiting = [...this.#waiting];
      for (let at = 0; at < waiting.length; at += WAKE) {
        for (const wake of waiting.slice(at, at + WAKE)) wake();
        await this.turn();
      }
    }
    this.#ringing = false;
  }
}
