import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { eventually } from "../helpers/eventually.ts";
import { type Service, startService } from "../helpers/service.ts";
import type { ProblemView } from "../helpers/views.ts";

const SECRET = "kJ8-Zünder-7f3a91";

/** Files of the data directory that hold the bytes of a text. */
async function holders(directory: string, text: string): Promise<string[]> {
  const found = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    const path = `${directory}/${name}`;
    if (isDirectory) found.push(...await holders(path, text));
    else if (Buffer.from(await Deno.readFile(path)).includes(text)) found.push(path);
  }
  return found;
}

interface JobView {
  job_id: number;
  state: string;
  secret_env: Record<string, string>;
}

/** Whether the job's variable is what it was given; it prints neither. */
const CHECK = `test "$KEY" = '${SECRET.slice(0, 5)}''${SECRET.slice(5)}'`;

async function submit(service: Service, json: Record<string, unknown>): Promise<JobView> {
  const answer = await service.call("POST", "/api/jobs", { json });
  assert.equal(answer.status, 202, answer.text);
  assert.ok(!answer.text.includes(SECRET));
  return answer.json<JobView>();
}

async function ended(service: Service, id: number): Promise<string> {
  await service.call("GET", `/api/statuses/${id}`, { headers: { prefer: "wait=60" } });
  return (await service.call("GET", `/api/jobs/${id}`)).json<JobView>().state;
}

const secrets = { secret_env: { KEY: SECRET, OTHER: `${SECRET}2` } };

Deno.test("a job gets its secret_env, and once it has started nothing that is kept has the values", async () => {
  await using service = await startService({ args: ["--log-level", "debug"] });
  const left = new AbortController();
  const events = await fetch(`${service.url}/api/events`, { signal: left.signal });
  const go = `${service.files}/go`;
  const job = await submit(service, {
    command: `${CHECK} || exit 9; until test -e ${go}; do sleep 0.1; done`,
    name: "with secrets",
    ...secrets,
  });
  assert.deepEqual(job.secret_env, { KEY: "***", OTHER: "***" });
  await eventually("its values are gone", async () => (await holders(service.data, SECRET)).length === 0);
  assert.equal((await service.call("GET", `/api/jobs/${job.job_id}`)).json<JobView>().state, "running");
  await Deno.writeTextFile(go, "");
  assert.equal(await ended(service, job.job_id), "succeeded");
  for (const path of ["/api/jobs", `/api/jobs/${job.job_id}`, `/api/results/${job.job_id}`, "/api/audit"]) {
    assert.ok(!(await service.call("GET", path)).text.includes(SECRET), path);
  }
  for (const query of ["q", "output"]) {
    const { jobs } = (await service.call("GET", `/api/jobs?${query}=${encodeURIComponent(SECRET)}`)).json<
      { jobs: [] }
    >();
    assert.deepEqual(jobs, []);
  }
  let seen = "";
  for await (const bytes of events.body!.pipeThrough(new TextDecoderStream())) {
    seen += bytes;
    if (seen.includes('"state":"succeeded"')) break;
  }
  left.abort();
  assert.ok(!seen.includes(SECRET));
  assert.equal(await service.stop(), 0);
  assert.deepEqual(await holders(service.data, SECRET), []);
  assert.ok(!service.logs().includes(SECRET));
});

Deno.test("what waits keeps its values, in a file of its own, over SIGKILL; what is cancelled loses them", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const blocker = await submit(service, { command: "sleep 600" });
  const waiting = await submit(service, { command: CHECK, ...secrets });
  const cancelled = await submit(service, { command: CHECK, ...secrets });
  const file = (id: number) => `${service.data}/secrets/${id}`;
  assert.deepEqual(
    (await holders(service.data, SECRET)).sort(),
    [file(waiting.job_id), file(cancelled.job_id)].sort(),
  );
  assert.equal((await Deno.stat(file(waiting.job_id))).mode! & 0o777, 0o600);
  assert.equal((await Deno.stat(`${service.data}/secrets`)).mode! & 0o777, 0o700);
  assert.equal((await service.call("DELETE", `/api/jobs/${cancelled.job_id}`)).status, 204);
  await eventually("the cancelled one's are gone", async () => (await holders(service.data, SECRET)).length === 1);
  await service.kill9();
  // As a server leaves it that dies between keeping the values and committing the job, or while it writes them.
  await Deno.writeTextFile(file(99), JSON.stringify({ KEY: SECRET }));
  await Deno.writeTextFile(`${file(98)}.new`, `{"KEY":"${SECRET}`);
  await service.restart();
  assert.deepEqual(await holders(service.data, SECRET), [file(waiting.job_id)]);
  await service.call("PATCH", `/api/jobs/${blocker.job_id}`, { json: { state: "terminated" } });
  assert.equal(await ended(service, waiting.job_id), "succeeded");
  await eventually("its values are gone", async () => (await holders(service.data, SECRET)).length === 0);
});

Deno.test("a job that is tried again has its values until its last attempt has begun", async () => {
  await using service = await startService();
  const mark = `${service.files}/tried`;
  const again = `${CHECK} || exit 9; if test -e ${mark}; then sleep 600; fi; touch ${mark}; exit 1`;
  const { job_id } = await submit(service, { command: again, retries: 1, retry_delay: 2, ...secrets });
  await eventually("it has failed once", async () => (await Deno.stat(mark).catch(() => undefined)) !== undefined);
  assert.equal((await holders(service.data, SECRET)).length, 1);
  await eventually("its values are gone", async () => (await holders(service.data, SECRET)).length === 0);
  const job = (await service.call("GET", `/api/jobs/${job_id}`)).json<JobView & { attempt: number }>();
  assert.deepEqual([job.state, job.attempt], ["running", 2]);
  await service.call("PATCH", `/api/jobs/${job_id}`, { json: { state: "terminated" } });
  await ended(service, job_id);
  // Of one that needed no second attempt nothing is left either.
  const early = await submit(service, { command: CHECK, retries: 5, ...secrets });
  assert.equal(await ended(service, early.job_id), "succeeded");
  await eventually("its values are gone", async () => (await holders(service.data, SECRET)).length === 0);
});

Deno.test("a repetition has to be given the values again, all of them, as JSON", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, { command: CHECK, env: { PLAIN: "1" }, ...secrets });
  await ended(service, job_id);
  const rerun = (options: Parameters<Service["call"]>[2] = {}) =>
    service.call("POST", `/api/jobs/${job_id}/rerun`, options);
  for (const options of [{}, { json: {} }, { json: { secret_env: { KEY: SECRET } } }]) {
    const refused = await rerun(options);
    assert.deepEqual([refused.status, refused.json<ProblemView>().code], [409, "secrets_gone"]);
    assert.match(refused.json<ProblemView>().detail, /OTHER.*secret_env.*not kept/);
  }
  assert.equal((await rerun({ body: JSON.stringify(secrets) })).status, 415);
  assert.equal((await rerun({ json: { secret: 1 } })).status, 400);
  assert.equal((await rerun({ json: { secret_env: { ...secrets.secret_env, PLAIN: "2" } } })).status, 400);
  const again = await rerun({ json: secrets });
  assert.equal(again.status, 202);
  assert.equal(await ended(service, again.json<JobView>().job_id), "succeeded");
  // One without secrets needs no body, as ever.
  const plain = await submit(service, { command: "true" });
  assert.equal((await service.call("POST", `/api/jobs/${plain.job_id}/rerun`)).status, 202);
  await eventually("the values are gone", async () => (await holders(service.data, SECRET)).length === 0);
});

Deno.test("secrets: in worker slots, with keys of repetition, in refusals, and in edits", async () => {
  await using service = await startService({ args: ["--slots", "2"] });
  const id = (await service.call("GET", "/new_job")).json<{ "worker-id": string }>()["worker-id"];
  const ran = await service.call("POST", `/job/new/${id}`, { json: { command: CHECK, ...secrets } });
  assert.deepEqual([ran.status, ran.json<{ exit_code: number }>().exit_code], [200, 0]);

  const headers = { "idempotency-key": "once", prefer: "wait=60" };
  const one = await service.call("POST", "/api/jobs", { headers, json: { command: CHECK, ...secrets } });
  const two = await service.call("POST", "/api/jobs", { headers, json: { command: CHECK, ...secrets } });
  assert.equal(one.json<{ result_id: number }>().result_id, two.json<{ result_id: number }>().result_id);
  const other = await service.call("POST", "/api/jobs", { headers, json: { command: CHECK } });
  assert.equal(other.json<ProblemView>().code, "idempotency_mismatch");

  for (const secret_env of [{ "A=B": SECRET }, { A: `${SECRET}\0` }, { A: SECRET.repeat(9999) }, { E: SECRET }]) {
    const refused = await service.call("POST", "/api/jobs", { json: { command: "true", env: { E: "1" }, secret_env } });
    assert.equal(refused.status, 400);
    assert.ok(!refused.text.includes(SECRET), refused.text);
  }
  assert.equal((await service.call("PUT", "/api/queues/held", { json: { paused: true } })).status, 201);
  const held = await submit(service, { command: CHECK, queue: "held", ...secrets });
  const edit = (json: unknown) => service.call("PATCH", `/api/jobs/${held.job_id}`, { json });
  for (
    const json of [
      { command: "env" },
      { argv: ["env"] },
      { cwd: "/" },
      { env: { PATH: "/tmp" } },
      { stdin: "env" },
      { sandbox: null },
      { sandbox: { network: true } },
    ]
  ) {
    assert.equal((await edit(json)).json<ProblemView>().code, "invalid_transition");
  }
  assert.equal((await edit({ secret_env: {} })).status, 400);
  assert.equal((await edit({ name: "other", queue: "default" })).status, 200);
  assert.equal(await ended(service, held.job_id), "succeeded");
  await eventually("the values are gone", async () => (await holders(service.data, SECRET)).length === 0);
  assert.deepEqual(await service.errors(), []);
});

Deno.test("where the values cannot be kept no job is made", async () => {
  await using service = await startService();
  await Deno.writeTextFile(`${service.data}/secrets`, "in the way");
  const refused = await service.call("POST", "/api/jobs", { json: { command: CHECK, ...secrets } });
  assert.deepEqual([refused.status, refused.json<ProblemView>().code], [503, "storage_failed"]);
  assert.deepEqual((await service.call("GET", "/api/jobs")).json<{ jobs: [] }>().jobs, []);
  assert.equal((await submit(service, { command: "true" })).job_id > 0, true);
  assert.deepEqual(await holders(service.data, SECRET), []);
});
