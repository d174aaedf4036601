/** A store whose commits are watched. */

import type { Commit, CommitResult, Store } from "./ports/store.ts";

/** How a commit went; `failed`: it threw. */
export type Seen = CommitResult["outcome"] | "failed";

/** `store`, with `seen` called after every commit. `seconds`: from handing it over until it was on disk. */
export function observed(store: Store, seen: (commit: Commit, outcome: Seen, seconds: number) => void): Store {
  return {
    keys: store.keys,
    jobs: store.jobs,
    workers: store.workers,
    files: store.files,
    queues: store.queues,
    uploads: store.uploads,
    failed: store.failed,
    commit(commit) {
      const begin = performance.now();
      const tell = (outcome: Seen) => seen(commit, outcome, (performance.now() - begin) / 1000);
      const result = store.commit(commit);
      // Beside the answer and not before it: one promise less to wait for.
      result.then(({ outcome }) => tell(outcome), () => tell("failed"));
      return result;
    },
    indexOutput: (jobId, texts) => store.indexOutput(jobId, texts),
    dropOutput: (jobId) => store.dropOutput(jobId),
    forgetLeftovers: (jobIds) => store.forgetLeftovers(jobIds),
    follow: (options) => store.follow(options),
    version: () => store.version(),
    peek: (key, now) => store.peek(key, now),
    oldest: () => store.oldest(),
    close: () => store.close(),
  };
}
