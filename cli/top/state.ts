/** What `stint top` shows, and what keys do to it. No terminal here, so that it can be tested. */

import type { JobSummary } from "../jobs/types.ts";

export interface TopState {
  jobs: readonly JobSummary[];
  /** The job the bar is on: it stays on the job when rows move. */
  selected: number | undefined;
  /** Ended jobs are shown, too. */
  withEnded: boolean;
  /** The job that is asked about before it is ended. */
  asking: number | undefined;
  /** What was done last, or went wrong. */
  message: string;
  /** Why nothing new comes. */
  trouble: string | undefined;
}

export const FIRST_STATE: TopState = {
  jobs: [],
  selected: undefined,
  withEnded: false,
  asking: undefined,
  message: "",
  trouble: undefined,
};

/** What a key asks for beyond the screen. */
export type Deed =
  | { do: "quit" }
  | { do: "read" }
  | { do: "open"; id: number }
  | { do: "state"; id: number; state: "paused" | "running" | "terminated" };

/** New jobs; the bar stays where it was, or goes to the row that took its job's place. */
export function withJobs(state: TopState, jobs: readonly JobSummary[]): TopState {
  const at = indexOf(state);
  const kept = jobs.some(({ job_id }) => job_id === state.selected);
  const selected = kept ? state.selected : jobs[Math.min(Math.max(at, 0), jobs.length - 1)]?.job_id;
  return { ...state, jobs, selected };
}

/** The row of the bar; -1 when there is none. */
export function indexOf({ jobs, selected }: TopState): number {
  return jobs.findIndex(({ job_id }) => job_id === selected);
}

/** The state after a key, and what there is to do. `page`: rows that fit. */
export function pressed(state: TopState, key: string, page: number): [TopState, Deed?] {
  if (state.asking !== undefined) return answered(state, key);
  const job = state.jobs[indexOf(state)];
  switch (key) {
    case "q":
    case "ctrl-c":
    case "escape":
      return [state, { do: "quit" }];
    case "j":
    case "down":
      return [moved(state, 1)];
    case "k":
    case "up":
      return [moved(state, -1)];
    case "page down":
      return [moved(state, page)];
    case "page up":
      return [moved(state, -page)];
    case "g":
    case "home":
      return [moved(state, -Infinity)];
    case "G":
    case "end":
      return [moved(state, Infinity)];
    case "a":
      return [{ ...state, withEnded: !state.withEnded, message: "" }, { do: "read" }];
    case "p":
      return pauseOrResume(state, job);
    case "x":
      if (!job || job.done) return [{ ...state, message: job ? `Job ${job.job_id} is ${job.state}.` : "" }];
      return [{ ...state, asking: job.job_id, message: "" }];
    case "enter":
      return job ? [{ ...state, message: "" }, { do: "open", id: job.job_id }] : [state];
  }
  return [state];
}

function answered(state: TopState, key: string): [TopState, Deed?] {
  const next = { ...state, asking: undefined };
  if (key === "y" && state.asking !== undefined) return [next, { do: "state", id: state.asking, state: "terminated" }];
  return [{ ...next, message: "Left alone." }];
}

function pauseOrResume(state: TopState, job: JobSummary | undefined): [TopState, Deed?] {
  if (!job || job.done) return [{ ...state, message: job ? `Job ${job.job_id} is ${job.state}.` : "" }];
  const wish = job.state === "paused" ? "running" : "paused";
  return [{ ...state, message: "" }, { do: "state", id: job.job_id, state: wish }];
}

function moved(state: TopState, by: number): TopState {
  const at = Math.max(0, Math.min(state.jobs.length - 1, indexOf(state) + by));
  return { ...state, selected: state.jobs[at]?.job_id, message: "" };
}
