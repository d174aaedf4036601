/** Waiting for a job's end as long as `Prefer: wait` asks for (RFC 7240). */

import { isEnded, type Job } from "../lib/domain/job.ts";
import type { RouteDeps } from "./deps.ts";
import { withPatience } from "./patience.ts";
import type { Preferences } from "./prefer.ts";

export interface Awaited {
  /** As it is when the waiting is over. */
  job: Job;
  /** `Preference-Applied`, with what was followed; empty when nothing was, for instance because the server stops. */
  applied: { "preference-applied"?: string };
}

/**
 * Waits until the job has ended, its time is over, the client leaves or the server stops. `wait` above `--max-hold` is cut
 * down to that, and `Preference-Applied` says so.
 */
export async function awaitEnd(
  { jobs, clock, stopping, maxHold }: RouteDeps,
  id: number,
  { wait, respondAsync }: Preferences,
  client: AbortSignal,
): Promise<Awaited> {
  if (wait === undefined) return { job: await jobs.get(id), applied: applied(respondAsync && "respond-async") };
  const seconds = Math.min(wait, maxHold);
  const waiting = { clock, seconds, signals: [client, stopping] };
  const job = await withPatience(waiting, (signal) => jobs.waitEnd(id, signal));
  if (isEnded(job)) return { job, applied: applied(`wait=${seconds}`) };
  const waited = !stopping.aborted && `wait=${seconds}`;
  return { job, applied: applied(respondAsync && "respond-async", waited) };
}

function applied(...followed: (string | false)[]): Awaited["applied"] {
  const names = followed.filter((each) => each !== false);
  return names.length > 0 ? { "preference-applied": names.join(", ") } : {};
}
