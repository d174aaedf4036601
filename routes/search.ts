/** A search of jobs, as the store understands it. */

import type { JobQuery } from "../lib/services/ports/store.ts";
import type { JobSearch } from "../openapi/job_search.ts";
import { DEFAULT_LIMIT } from "./paging.ts";

export function jobQuery(search: JobSearch, extra: Pick<JobQuery, "withResult" | "within"> = {}): JobQuery {
  const { q, output, state, exit_code, label, queue, since, until, min_duration, sort, limit, cursor } = search;
  return {
    q,
    output,
    states: state,
    exitCode: exit_code,
    labels: label,
    queue,
    since,
    until,
    minDuration: min_duration,
    sort: sort ?? "-created",
    limit: limit ?? DEFAULT_LIMIT,
    cursor,
    ...extra,
  };
}
