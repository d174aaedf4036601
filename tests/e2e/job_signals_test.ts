import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { control, jobOf, resultOf, stdoutOf, submit } from "../helpers/jobs.ts";
import { type Service, startService } from "../helpers/service.ts";
import type { JobView } from "../helpers/views.ts";

async function send(service: Service, id: number, body: Record<string, unknown>): Promise<JobView> {
  const answer = await service.call("POST", `/api/jobs/${id}/signal`, { json: body });
  assert.equal(answer.status, 200, answer.text);
  return answer.json<JobView>();
}

async function refused(service: Service, id: number, body: Record<string, unknown>): Promise<void> {
  const answer = await service.call("POST", `/api/jobs/${id}/signal`, { json: body });
  assert.deepEqual([answer.status, answer.json<{ code: string }>().code], [409, "invalid_transition"], answer.text);
}

/** A job that says `ready`, then what it hears, and ends at SIGUSR2 with 5. */
const LISTENER = `trap 'echo USR1' USR1; trap 'echo HUP' HUP; trap 'echo TERM' TERM; trap 'echo USR2; exit 5' USR2
echo ready; while :; do sleep 0.05; done`;

async function listening(service: Service, command = LISTENER): Promise<number> {
  const { job_id } = await submit(service, { command, grace: 600 });
  await says(service, job_id, "ready");
  return job_id;
}

async function says(service: Service, id: number, word: string): Promise<void> {
  await eventually(
    `job ${id} says ${word}`,
    async () => (await stdoutOf(service, id)).split("\n").includes(word),
    60_000,
  );
}

Deno.test("POST /api/jobs/{id}/signal delivers signals by name and number, and the job goes on as it likes", async () => {
  await using service = await startService();
  const id = await listening(service);
  assert.equal((await send(service, id, { signal: "SIGUSR1" })).state, "running");
  await says(service, id, "USR1");
  await send(service, id, { signal: 1, to: "job" });
  await says(service, id, "HUP");
  assert.equal((await send(service, id, { signal: "term" })).stopping, false, "a signal is no wish to end the job");
  await says(service, id, "TERM");
  await send(service, id, { signal: "12" });
  const result = await resultOf(service, id);
  assert.deepEqual([result.state, result.exit_code], ["failed", 5]);
});

Deno.test("a job that dies of a signal sent to it has failed, with the signal named", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, { argv: ["sleep", "600"] });
  await eventually("it runs", async () => (await jobOf(service, job_id)).state === "running");
  await send(service, job_id, { signal: "XCPU" });
  const result = await resultOf(service, job_id);
  assert.deepEqual([result.state, result.exit_code, result.signal], ["failed", 152, "SIGXCPU"]);
});

Deno.test("SIGSTOP pauses a job and SIGCONT resumes it, as their states tell", async () => {
  await using service = await startService();
  const id = await listening(service);
  assert.equal((await send(service, id, { signal: "STOP" })).state, "paused");
  await refused(service, id, { signal: "STOP" });
  await send(service, id, { signal: "USR1" });
  assert.equal(await stdoutOf(service, id), "ready\n", "a paused job hears nothing yet");
  assert.equal((await send(service, id, { signal: "SIGCONT" })).state, "running");
  await says(service, id, "USR1");
  assert.ok((await jobOf(service, id)).paused > 0);
  await send(service, id, { signal: "CONT" });
  await send(service, id, { signal: "USR2" });
  assert.equal((await resultOf(service, id)).exit_code, 5);
});

Deno.test("SIGCONT wakes a job that has stopped itself", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, "echo ready; kill -s STOP $$; echo awake");
  await says(service, job_id, "ready");
  await eventually("it goes on", async () => {
    await service.call("POST", `/api/jobs/${job_id}/signal`, { json: { signal: "CONT" } });
    return (await stdoutOf(service, job_id)) === "ready\nawake\n";
  });
  assert.equal((await resultOf(service, job_id)).state, "succeeded");
});

Deno.test("SIGKILL terminates without grace, and cuts short the grace of a job that is being terminated", async () => {
  await using service = await startService();
  const deaf =
    `trap '' TERM; (setsid sh -c 'trap "" TERM; while :; do sleep 1; done' &); echo ready; while :; do sleep 1; done`;
  const atOnce = await listening(service, deaf);
  assert.deepEqual((await send(service, atOnce, { signal: 9 })).stopping, true);
  const result = await resultOf(service, atOnce);
  assert.deepEqual([result.state, result.survivors], ["terminated", []]);

  const id = await listening(service, deaf);
  await control(service, id, "terminated");
  await send(service, id, { signal: "KILL" });
  const later = await resultOf(service, id);
  assert.deepEqual([later.state, later.signal], ["terminated", "SIGKILL"]);
  assert.deepEqual(await service.jobProcesses(), []);
});

Deno.test("a job without processes takes no signal: queued, held in the queue, ended", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const running = await listening(service);
  const { job_id } = await submit(service, "true");
  for (const signal of ["USR1", "STOP", "CONT", "KILL"]) await refused(service, job_id, { signal });
  await control(service, job_id, "paused");
  for (const signal of ["USR1", "STOP", "CONT", "KILL"]) await refused(service, job_id, { signal });
  assert.equal((await jobOf(service, job_id)).state, "paused");
  await send(service, running, { signal: "USR2" });
  await resultOf(service, running);
  for (const signal of ["USR1", "STOP", "CONT", "KILL"]) await refused(service, running, { signal });
});
