/** How many commits there were, and how long they took: counted by hand, as requests are ({@link RequestTallies}). */

import { Times } from "./times.ts";

/** Upper bounds in seconds. */
const BUCKETS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];

const COUNT = "stint_store_commits_total";
const TIME = "stint_store_commit_duration_seconds";

export class CommitTallies {
  readonly #outcomes = new Map<string, number>();
  readonly #times = new Times(BUCKETS);

  /** `outcome` is one of a few words. */
  add(outcome: string, seconds: number): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    this.#times.add(seconds);
  }

  /** Both metrics, in Prometheus' text format. */
  text(): string {
    return [
      `# HELP ${COUNT} Commits, by outcome`,
      `# TYPE ${COUNT} counter`,
      ...[...this.#outcomes].map(([outcome, count]) => `${COUNT}{outcome="${outcome}"} ${count}`),
      "",
      `# HELP ${TIME} From handing a commit over until it is on disk`,
      `# TYPE ${TIME} histogram`,
      ...this.#times.lines(TIME),
      "",
    ].join("\n");
  }
}
