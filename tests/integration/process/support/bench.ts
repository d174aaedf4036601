/** Real processes in a directory of their own; nothing is left of them afterwards. */

import assert from "node:assert/strict";
import type { JobSpec } from "../../../../lib/domain/job.ts";
import { openProcesses, type ProcessesOptions } from "../../../../lib/process/processes.ts";
import type { OutputName, Processes, RunEnd, RunHandle, RunRequest } from "../../../../lib/services/ports/processes.ts";
import { carriers } from "./proc.ts";

export interface Bench {
  processes: Processes;
  directory: string;
  /** A request for a job with a new id and cookie, which is cleaned up after. */
  request(spec: Partial<JobSpec>, jobId?: number): RunRequest;
  start(spec: Partial<JobSpec>): Promise<RunHandle & { request: RunRequest }>;
  /** Starts a job and waits for its end. */
  run(spec: Partial<JobSpec>): Promise<{ end: RunEnd; stdout: string; stderr: string; jobId: number }>;
  text(jobId: number, name: OutputName): Promise<string>;
}

export async function withProcesses(
  body: (bench: Bench) => Promise<void>,
  options: Partial<ProcessesOptions> = {},
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const processes = await openProcesses({ directory: `${directory}/jobs`, ...options });
  const requests: RunRequest[] = [];
  const handles: RunHandle[] = [];
  const bench: Bench = {
    processes,
    directory: `${directory}/jobs`,
    request(spec, jobId = requests.length + 1) {
      const request = { jobId, cookie: crypto.randomUUID(), spec: { grace: 5, priority: 0, ...spec } };
      requests.push(request);
      return request;
    },
    async start(spec) {
      const request = bench.request(spec);
      const handle = await processes.start(request);
      handles.push(handle);
      return Object.assign(handle, { request });
    },
    async run(spec) {
      const { jobId, ended } = await bench.start(spec);
      const end = await ended;
      return { end, stdout: await bench.text(jobId, "stdout"), stderr: await bench.text(jobId, "stderr"), jobId };
    },
    text: async (jobId, name) => (await processes.outputTail(jobId, name, 1 << 20)).text,
  };
  try {
    await body(bench);
  } finally {
    const left: number[] = [];
    for (const { cookie } of requests) left.push(...await carriers(cookie));
    await Promise.all(handles.map((handle) => handle.terminate(0)));
    await Promise.all(handles.map((handle) => handle.ended));
    await processes.close();
    await Deno.remove(directory, { recursive: true });
    for (const { cookie } of requests) {
      const survivors = await carriers(cookie);
      for (const pid of survivors) Deno.kill(pid, "SIGKILL");
      assert.deepEqual(survivors, [], `terminate left some of ${left}`);
    }
  }
}

/** The end of a run that must have exited. */
export function exited(end: RunEnd): RunEnd & { how: "exited" } {
  assert.equal(end.how, "exited", JSON.stringify(end));
  return end as RunEnd & { how: "exited" };
}
