/** Every migration in order; the schema's number is how many there are. Append only: released ones never change. */

import type { DatabaseSync } from "node:sqlite";
import { first } from "./0001_first.ts";
import { sums } from "./0002_sums.ts";
import { retention } from "./0003_retention.ts";
import { shortWords } from "./0004_short_words.ts";
import { keyAdditions } from "./0005_key_additions.ts";
import { merges } from "./0006_merges.ts";
import { queues } from "./0007_queues.ts";
import { partialUploads } from "./0008_partial_uploads.ts";

export const MIGRATIONS: readonly ((db: DatabaseSync) => void)[] = [
  first,
  sums,
  retention,
  shortWords,
  keyAdditions,
  merges,
  queues,
  partialUploads,
];
