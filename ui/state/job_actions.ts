/** What can be done to jobs. */

import { call, messageOf } from "../api/client.ts";
import type { Job } from "../api/schema.ts";
import type { Row } from "../logic/row.ts";
import { notify } from "./notices.ts";
import { mayTouch } from "./session.ts";

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

/** Fewer than a browser has connections to a server. */
const AT_ONCE = 4;
/** Failures that are named one by one. */
const NAMED = 3;

/** Does it to many, some at a time, and says how many it was and which were kept by what; the answer: the ids of those. */
export async function actOnMany(rows: readonly Row[], action: JobAction): Promise<number[]> {
  const waiting = rows.filter((row) => applies(action, row) && mayTouch(row.command));
  const [total, left] = [waiting.length, rows.length - waiting.length];
  const failures: { id: number; why: string }[] = [];
  const work = async () => {
    for (let row; (row = waiting.shift());) {
      const { id } = row;
      await actOn(id, action).catch((error) => failures.push({ id, why: messageOf(error) }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const done = total - failures.length;
  const omitted = left > 0 ? ` It makes no sense for ${left === 1 ? "one" : left} of those selected.` : "";
  if (done > 0) notify(`${ACTION_NAMES[action]}: ${done} ${done === 1 ? "job" : "jobs"}.${omitted}`);
  else if (total === 0) notify(`${ACTION_NAMES[action]} makes no sense for what is selected.`);
  if (failures.length > 0) notify(failuresText(action, failures, total), "error");
  return failures.map(({ id }) => id);
}

function failuresText(action: JobAction, failures: readonly { id: number; why: string }[], total: number): string {
  const named = failures.slice(0, NAMED).map(({ id, why }) => `job ${id}: ${why}`).join(" ");
  const others = failures.slice(NAMED).map(({ id }) => id).join(", ");
  return `${ACTION_NAMES[action]} failed for ${failures.length} of ${total}. ${named}${
    others && ` And jobs ${others}.`
  }`;
}
