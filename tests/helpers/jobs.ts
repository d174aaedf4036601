/** Jobs over HTTP, in a word. */

import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import type { Service } from "./service.ts";
import type { JobView, ResultView } from "./views.ts";

/** Submits a job: its command, or all its fields. */
export async function submit(service: Service, job: string | Record<string, unknown>): Promise<JobView> {
  const answer = await service.call("POST", "/api/jobs", { json: typeof job === "string" ? { command: job } : job });
  assert.equal(answer.status, 202, answer.text);
  return answer.json<JobView>();
}

export async function jobOf(service: Service, id: number): Promise<JobView> {
  const answer = await service.call("GET", `/api/jobs/${id}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<JobView>();
}

/** Waits until the job is in that state. */
export async function untilState(service: Service, id: number, state: string): Promise<JobView> {
  return await eventually(`job ${id} is ${state}`, async () => {
    const job = await jobOf(service, id);
    if (job.state === state) return job;
    throw new Error(`it is ${job.state}`);
  }, 60_000);
}

/** Waits for the job's end; gives its result. */
export async function resultOf(service: Service, id: number): Promise<ResultView> {
  return await eventually(`job ${id} has a result`, async () => {
    const answer = await service.call("GET", `/api/results/${id}`);
    return answer.status === 200 && answer.json<ResultView>();
  }, 60_000);
}

/** Submits a job and waits for its result. */
export async function run(service: Service, job: string | Record<string, unknown>): Promise<ResultView> {
  return await resultOf(service, (await submit(service, job)).job_id);
}

/** Asks for another state (`paused`, `running`, `terminated`). */
export async function control(service: Service, id: number, state: string): Promise<void> {
  const answer = await service.call("PATCH", `/api/jobs/${id}`, { json: { state } });
  assert.equal(answer.status, 200, answer.text);
}

/** The bytes that a job has written so far, as text. */
export async function stdoutOf(service: Service, id: number): Promise<string> {
  return (await service.call("GET", `/api/jobs/${id}/stdout`)).text;
}

/** Ends and forgets jobs that a test leaves running on purpose. */
export async function remove(service: Service, ...ids: number[]): Promise<void> {
  for (const id of ids) {
    const answer = await service.call("DELETE", `/api/jobs/${id}?terminate=true`);
    assert.equal(answer.status, 204, answer.text);
  }
}
