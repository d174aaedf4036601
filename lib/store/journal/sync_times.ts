/**
 * Whether it is better to wait for the disk than to be told when it is done: being told costs more than a quick disk
 * takes, but a slow one is not to hold up everybody else.
 */

/** Milliseconds that are not noticed. */
const SHORT = 0.5;
/** More commits than that wait for the disk together; meanwhile others can be read from their connections. */
const FEW = 4;
/** How much of a long time counts at the next sync. */
const FADING = 0.9;

export class SyncTimes {
  #recent = 0;

  /** A sync took so long. */
  add(ms: number): void {
    this.#recent = Math.max(ms, this.#recent * FADING);
  }

  worthWaiting(commits: number): boolean {
    return commits <= FEW && this.#recent < SHORT;
  }
}
