/** What every store has to do. Another one proves itself by passing these sentences as they stand. */

import { aboutCommits } from "./commits.ts";
import { aboutTheFeed } from "./feed.ts";
import { type OpenStore, sentences } from "./harness.ts";
import { aboutJobLists } from "./job_lists.ts";
import { aboutJobs } from "./jobs.ts";
import { aboutKeys } from "./keys.ts";
import { aboutALongHistory } from "./long_history.ts";
import { aboutWorkersAndFiles } from "./others.ts";
import { aboutQueues } from "./queues.ts";
import { aboutRetention } from "./retention.ts";
import { aboutSearch } from "./search.ts";

/** Registers the sentences for the stores that `open` opens. */
export function storeConformance(label: string, open: OpenStore): void {
  const it = sentences(label, open);
  aboutCommits(it);
  aboutKeys(it);
  aboutTheFeed(it);
  aboutJobs(it);
  aboutQueues(it);
  aboutJobLists(it);
  aboutALongHistory(it);
  aboutSearch(it);
  aboutRetention(it);
  aboutWorkersAndFiles(it);
}
