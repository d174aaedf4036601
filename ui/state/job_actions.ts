/** What can be done to jobs. */

import { call } from "../api/client.ts";
import type { Job } from "../api/schema.ts";
import type { Row } from "../logic/row.ts";
import { notify } from "./notices.ts";

export type JobAction = "pause" | "resume" | "kill" | "rerun" | "remove";

/** As a button names it. */
export const ACTION_NAMES: Record<JobAction, string> = {
  pause: "Pause",
  resume: "Resume",
  kill: "Kill",
  rerun: "Run again",
  remove: "Remove",
};

type Standing = Pick<Row, "state" | "stopping" | "done">;

/** Whether it makes sense now. */
export function applies(action: JobAction, { state, stopping, done }: Standing): boolean {
  switch (action) {
    case "pause":
      return (state === "running" || state === "queued") && !stopping;
    case "resume":
      return state === "paused" && !stopping;
    case "kill":
      return !done;
    case "remove":
    case "rerun":
      return done;
  }
}

/** @throws {ApiError} */
export async function actOn(id: number, action: JobAction): Promise<Job | undefined> {
  switch (action) {
    case "pause":
      return await patchJob(id, { state: "paused" });
    case "resume":
      return await patchJob(id, { state: "running" });
    case "kill":
      return await patchJob(id, { state: "terminated" });
    case "rerun":
      return (await call<Job>("POST", `/api/jobs/${id}/rerun`)).data;
    case "remove":
      await call("DELETE", `/api/jobs/${id}`);
      return undefined;
  }
}

export async function patchJob(id: number, patch: Record<string, unknown>): Promise<Job> {
  return (await call<Job>("PATCH", `/api/jobs/${id}`, { json: patch })).data;
}

const AT_ONCE = 6;

/** Does it to many, some at a time, and says how many it was and what kept the others. */
export async function actOnMany(rows: readonly Row[], action: JobAction): Promise<void> {
  const waiting = rows.filter((row) => applies(action, row));
  const total = waiting.length;
  const failures: string[] = [];
  const work = async () => {
    for (let row; (row = waiting.pop());) {
      await actOn(row.id, action).catch((error) => failures.push(String(error.message)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const done = total - failures.length;
  if (done > 0) notify(`${ACTION_NAMES[action]}: ${done} ${done === 1 ? "job" : "jobs"}.`);
  if (failures.length > 0) notify(`${failures.length} not: ${failures[0]}`, "error");
  if (total === 0) notify(`${ACTION_NAMES[action]} makes no sense for what is selected.`);
}
