import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { testApp } from "../helpers/app.ts";
import { tempDir } from "../helpers/temp_dir.ts";

/** Status and `Preference-Applied` of an answer. */
function said({ status, headers }: { status: number; headers: Headers }): [number, string | null] {
  return [status, headers.get("preference-applied")];
}

Deno.test("POST /api/jobs says which preferences it followed", async () => {
  await using service = await testApp();
  const post = async (command: string, prefer: string) =>
    said(await service.ask("POST", "/api/jobs", { json: { command }, headers: { prefer } }));
  assert.deepEqual(await post("true", "respond-async"), [202, "respond-async"]);
  assert.deepEqual(await post("true", "wait=60, respond-async"), [200, "wait=60"]);
  assert.deepEqual(await post("sleep 600", "respond-async;x=y, wait=0"), [202, "respond-async, wait=0"]);
  assert.deepEqual(await post("true", "wait=99999999999999999999"), [200, "wait=3600"]);
  for (const prefer of ["wait=soon", "wait=-1", "wait=1.5", "", ",,", "handling=lenient", '"']) {
    assert.deepEqual(await post("true", prefer), [202, null], prefer);
  }
  await service.forget(3);
});

Deno.test("POST /api/jobs/{id}/rerun follows the same preferences, and gives the result of the new job", async () => {
  await using directory = await tempDir();
  await using service = await testApp();
  const [quick, slow] = [
    await service.finished({ command: "echo again" }),
    await service.finished({ command: "test -e marker && sleep 600", cwd: directory.path }),
  ];
  const rerun = (id: number, prefer: string, key?: string) =>
    service.ask("POST", `/api/jobs/${id}/rerun`, { headers: { prefer, ...(key && { "idempotency-key": key }) } });
  const ended = await rerun(quick, "wait=60", "k");
  assert.deepEqual(said(ended), [200, "wait=60"]);
  assert.deepEqual([ended.json.result_id, ended.json.state, ended.json.stdout_bytes], [3, "succeeded", 6]);
  assert.equal(ended.headers.get("content-location"), "/api/results/3");
  assert.equal((await rerun(quick, "wait=60", "k")).json.result_id, 3, "the same again");
  assert.deepEqual(said(await rerun(quick, "respond-async")), [202, "respond-async"]);
  await Deno.writeTextFile(`${directory.path}/marker`, "");
  const waits = await rerun(slow, "wait=0");
  assert.deepEqual([...said(waits), waits.json.state], [202, "wait=0", "running"]);
  await service.forget(waits.json.job_id);
});

Deno.test("GET /api/statuses/{id} follows a wait, and passes over what it does not know", async () => {
  await using service = await testApp();
  const id = await service.finished({ command: "true" });
  const get = async (of: number, prefer: string) =>
    said(await service.ask("GET", `/api/statuses/${of}`, { headers: { prefer } }));
  assert.deepEqual(await get(id, "wait=5, respond-async"), [303, "wait=5"]);
  assert.deepEqual(await get(id, "respond-async, wait=x"), [303, null]);
  await service.ask("POST", "/api/jobs", { json: { command: "sleep 600" } });
  assert.deepEqual(await get(2, "wait=0"), [200, "wait=0"]);
  assert.equal((await service.ask("GET", "/api/statuses/99", { headers: { prefer: "wait=60" } })).status, 404);
  await service.forget(2);
});

Deno.test("POST /job/new waits as long as it is told, then answers 202 with the way to the status", async () => {
  await using service = await testApp();
  const post = async (command: string, prefer: string) => {
    const worker = (await service.ask("GET", "/new_job")).json["worker-id"];
    return await service.ask("POST", `/job/new/${worker}`, { json: { command }, headers: { prefer } });
  };
  const quick = await post("true", "respond-async, wait=60");
  assert.deepEqual([...said(quick), quick.json.status], [200, "wait=60", "completed"]);
  const slow = await post("sleep 600", "wait=0");
  assert.deepEqual([...said(slow), slow.headers.get("location")], [202, "wait=0", "/api/statuses/2"]);
  assert.deepEqual(said(await post("sleep 600", "respond-async, wait=0")), [202, "respond-async, wait=0"]);
  assert.deepEqual(said(await post("true", "wait=never")), [200, null]);
  await service.forget(2);
  await service.forget(3);
});

Deno.test("a wait that the stopping server cuts short is answered with the job, and not called followed", async () => {
  await using service = await testApp();
  const waiting = service.ask("POST", "/api/jobs", {
    json: { command: "sleep 600" },
    headers: { prefer: "wait=600" },
  });
  await eventually("it runs", async () => (await service.ask("GET", "/api/jobs/1")).json.state === "running");
  service.stop();
  const answer = await waiting;
  assert.deepEqual(said(answer), [202, null]);
  assert.deepEqual([answer.json.state, answer.headers.get("location")], ["running", "/api/statuses/1"]);
  await service.forget(1);
});

Deno.test("a repeated POST that waits is given the first job's result", async () => {
  await using service = await testApp();
  const headers = { "idempotency-key": "k", prefer: "wait=60" };
  const post = () => service.ask("POST", "/api/jobs", { json: { command: "echo once" }, headers });
  const [one, other] = await Promise.all([post(), post()]);
  assert.deepEqual([one.status, one.json.result_id, one.json.stdout], [200, 1, "once\n"]);
  assert.deepEqual([other.status, other.json.result_id], [200, 1]);
  await service.ask("DELETE", "/api/results/1");
  const later = await post();
  assert.deepEqual([later.status, later.json.job_id, later.json.result_url], [202, 1, null]);
  assert.equal((await service.ask("GET", "/api/jobs")).json.jobs.length, 1);
});

Deno.test("an Idempotency-Key is free again once its job is gone from the history", async () => {
  await using service = await testApp();
  const post = (command: string) =>
    service.ask("POST", "/api/jobs", {
      json: { command },
      headers: { "idempotency-key": "k", prefer: "wait=60" },
    });
  assert.equal((await post("true")).json.result_id, 1);
  assert.equal((await post("false")).status, 422);
  assert.equal((await service.ask("DELETE", "/api/jobs/1")).status, 204);
  assert.equal((await post("false")).json.result_id, 2);
});
