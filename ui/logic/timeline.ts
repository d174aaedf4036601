/** What happened to a job, in order. */

import type { Job } from "../api/schema.ts";

export interface Step {
  /** Milliseconds since the epoch; null: not yet. */
  at: number | null;
  what: string;
  /** As states are called, for its colour. */
  state: string;
}

export function timelineOf(job: Job): Step[] {
  const at = (text: string | null) => text === null ? null : Date.parse(text);
  const steps: Step[] = [{ at: at(job.created), what: "created", state: "queued" }];
  for (const [i, attempt] of job.attempts.entries()) {
    steps.push({ at: at(attempt.started), what: `attempt ${i + 1} began`, state: "running" });
    steps.push({ at: at(attempt.ended), what: `attempt ${i + 1} ${attempt.state}`, state: attempt.state });
  }
  const which = job.attempts.length > 0 ? `attempt ${job.attempt} ` : "";
  if (job.started) steps.push({ at: at(job.started), what: `${which}started`, state: "running" });
  else if (!job.done) steps.push({ at: at(job.waiting_until), what: waitingFor(job), state: "queued" });
  if (job.paused > 0 && job.state !== "paused") {
    steps.push({ at: null, what: `paused for ${Math.round(job.paused * 10) / 10} s in all`, state: "paused" });
  }
  if (job.state === "paused") steps.push({ at: null, what: "paused now", state: "paused" });
  if (job.ended) steps.push({ at: at(job.ended), what: job.state.replace("_", " "), state: job.state });
  return steps;
}

function waitingFor({ waiting_for, waiting_until }: Job): string {
  if (waiting_for.length > 0) return `waits for ${waiting_for.map((id) => `job ${id}`).join(", ")}`;
  return waiting_until ? "waits for its time" : "waits for a slot";
}
