/** What the system page shows, of two looks at the metrics. */

import { type Figures, quantile, total } from "./metrics_text.ts";

export interface SystemPoint {
  /** Seconds since the epoch. */
  at: number;
  /** Per second since the look before. */
  jobsStarted: number;
  jobsEnded: number;
  requests: number;
  commits: number;
  /** Seconds; null when there was nothing to measure. */
  requestMedian: number | null;
  requestSlow: number | null;
  commitSlow: number | null;
  queued: number;
  slotsUsed: number;
}

/** Streams and held requests last as long as somebody wants; their time says nothing of the server. */
const LASTING = /\/api\/(request|events|keys\/events)$|\/output$|\/(stdout|stderr)$|^\/(upload|download|job)\//;

export function systemPoint(at: number, now: Figures, before: { at: number; figures: Figures }): SystemPoint {
  const seconds = Math.max(0.001, at - before.at);
  const rate = (name: string) => Math.max(0, total(now, name) - total(before.figures, name)) / seconds;
  const answers = withoutLasting(now);
  const earlier = withoutLasting(before.figures);
  const TIME = "stint_http_request_duration_seconds";
  return {
    at,
    jobsStarted: rate("stint_jobs_started_total"),
    jobsEnded: rate("stint_jobs_finished_total"),
    requests: rate("stint_http_requests_total"),
    commits: rate("stint_store_commits_total"),
    requestMedian: quantile(0.5, TIME, answers, earlier),
    requestSlow: quantile(0.99, TIME, answers, earlier),
    commitSlow: quantile(0.99, "stint_store_commit_duration_seconds", now, before.figures),
    queued: total(now, "stint_queue_length"),
    slotsUsed: total(now, "stint_slots_used"),
  };
}

function withoutLasting(figures: Figures): Figures {
  const name = "stint_http_request_duration_seconds_bucket";
  const samples = (figures.get(name) ?? []).filter(({ labels }) => !LASTING.test(labels.route ?? ""));
  return new Map([[name, samples]]);
}
