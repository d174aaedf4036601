import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { run, submit, untilState } from "../helpers/jobs.ts";
import { startService } from "../helpers/service.ts";
import { Viewer } from "../helpers/viewer.ts";
import type { ProblemView, WorkerView } from "../helpers/views.ts";

Deno.test("every change of jobs, workers, keys and files is an event, with rising ids and no value of a key", async () => {
  await using service = await startService();
  await using viewer = await Viewer.open(`${service.url}/api/events`);
  const { result_id } = await run(service, { command: "echo Привет", name: "Ночная сборка" });
  await service.call("PUT", "/secret", { body: "hunter2" });
  await service.call("DELETE", "/secret");
  const worker = (await service.call("GET", "/new_job/")).json<WorkerView>()["worker-id"];
  await service.call("POST", `/upload/new/${worker}?name=a.txt`, { body: "text" });
  await service.call("DELETE", "/api/files/a.txt");
  await service.call("DELETE", `/api/jobs/${result_id}`);
  await viewer.until("the job is removed", () => viewer.data("job_removed").length === 1);

  const states = viewer.data<{ job_id: number; name: string; state: string }>("job");
  // One that finds a slot free is never seen waiting.
  assert.deepEqual(states.map(({ state }) => state).filter((state) => state !== "queued"), ["running", "succeeded"]);
  assert.ok(states.every(({ job_id, name }) => job_id === result_id && name === "Ночная сборка"));
  assert.deepEqual(viewer.data("job_removed"), [{ job_id: result_id }]);
  const [key] = viewer.data<{ key: string; version: number }>("key");
  assert.deepEqual(key, { key: "secret", version: key!.version, expires: null });
  assert.equal(viewer.data<{ key: string }>("key_removed")[0]!.key, "secret");
  assert.deepEqual(viewer.data<WorkerView>("worker").map(({ status }) => status), ["reserved", "running", "completed"]);
  assert.equal(viewer.data<{ name: string }>("file")[0]!.name, "a.txt");
  assert.deepEqual(viewer.data("file_removed"), [{ name: "a.txt" }]);
  assert.ok(!JSON.stringify(viewer.events).includes("hunter2"));
  const ids = viewer.events.filter(({ event }) => event !== "requests").map(({ id }) => Number(id));
  assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
});

Deno.test("?types= and ?job= leave out the rest, and the place moves on all the same", async () => {
  await using service = await startService();
  const first = await submit(service, "true");
  await using keys = await Viewer.open(`${service.url}/api/events?types=keys,files`);
  await using one = await Viewer.open(`${service.url}/api/events?job=${first.job_id + 2}`);
  await run(service, "true");
  await run(service, "true");
  await service.call("PUT", "/foo", { body: "x" });
  await keys.until("the key is seen", () => keys.events.length > 0);
  await one.until("the job is seen to its end", () => {
    return one.data<{ state: string }>("job").some(({ state }) => state === "succeeded");
  });
  assert.deepEqual(keys.events.map(({ event }) => event), ["key"]);
  assert.ok(one.data<{ job_id: number }>("job").every(({ job_id }) => job_id === first.job_id + 2));
  for (const query of ["types=", "types=jobs,nothing", "job=0", "job=x", "last_event_id=x", "last_event_id=-1"]) {
    const refused = await service.call("GET", `/api/events?${query}`);
    assert.deepEqual([refused.status, refused.json<ProblemView>().code], [400, "invalid_request"], query);
  }
  const header = await service.call("GET", "/api/events", { headers: { "last-event-id": "1-2" } });
  assert.equal(header.json<ProblemView>().errors![0]!.pointer, "header/last-event-id");
});

Deno.test("who comes back gets what follows the last event seen, without gap or repeat, also after SIGKILL", async () => {
  await using service = await startService();
  const put = async (from: number, to: number) => {
    for (let i = from; i <= to; i++) await service.call("PUT", `/k${i}`, { body: "x" });
  };
  const begin = await Viewer.open(`${service.url}/api/events?types=keys`);
  await put(1, 40);
  await begin.until("all are seen", () => begin.events.length === 40);
  const lastId = begin.events[19]!.id;
  begin.leave();
  assert.equal(await begin.ended, false);
  await service.kill9();
  await service.start();
  await put(41, 50);
  const places = [{ query: "", lastId }, { query: `&last_event_id=${lastId}` }];
  for (const { query, lastId } of places) {
    await using again = await Viewer.open(`${service.url}/api/events?types=keys${query}`, { lastId });
    await again.until("the rest is seen", () => again.events.length >= 30);
    const seen = again.data<{ key: string }>("key").map(({ key }) => key);
    assert.deepEqual(seen, Array.from({ length: 30 }, (_, i) => `k${i + 21}`));
  }
});

Deno.test("a place that the server does not have is 410, as one from another server", async () => {
  await using service = await startService();
  await service.call("PUT", "/foo", { body: "x" });
  const gone = await service.call("GET", "/api/events?last_event_id=999999999");
  assert.deepEqual([gone.status, gone.json<ProblemView>().code], [410, "changes_gone"]);
  assert.match(gone.json<ProblemView>().detail, /Read the lists/);
});

Deno.test("held requests are listed first and told of as they come and go, without moving the place", async () => {
  await using service = await startService();
  const held = service.call("GET", "/api/request?connId=7&timeout=600");
  await eventually("it is held", async () => "7" in (await service.call("GET", "/api/serverStatus")).json<object>());
  await using viewer = await Viewer.open(`${service.url}/api/events`);
  await viewer.until("the list is seen", () => viewer.events.length === 1);
  assert.deepEqual(Object.keys(viewer.data<object>("requests")[0]!), ["7"]);
  const place = viewer.parser.lastId;
  await service.call("PUT", "/api/kill", { json: { connId: 7 } });
  assert.equal((await held).status, 500);
  assert.equal((await service.call("GET", "/api/request?connId=8&timeout=0")).status, 200);
  const leaving = new AbortController();
  const left = service.call("GET", "/api/request?connId=9&timeout=600", { signal: leaving.signal });
  await viewer.until("the third is held", () => viewer.data<{ connId: number }>("request").at(-1)?.connId === 9);
  leaving.abort();
  await assert.rejects(left);
  await viewer.until("the third is gone", () => viewer.data("request").length === 5);
  assert.deepEqual(viewer.data("request"), [
    { connId: 7, state: "killed" },
    { connId: 8, state: "held", timeout: 0 },
    { connId: 8, state: "ok" },
    { connId: 9, state: "held", timeout: 600 },
    { connId: 9, state: "gone" },
  ]);
  assert.equal(viewer.parser.lastId, place);
});

Deno.test("a server that stops tells its viewers to come back, and they miss nothing", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, `while [ ! -e '${service.files}/gate' ]; do sleep 0.05; done; echo end`);
  await untilState(service, job_id, "running");
  const events = await Viewer.open(`${service.url}/api/events`);
  const output = await Viewer.open(`${service.url}/api/jobs/${job_id}/output`);
  assert.equal(await service.stop(), 0);
  assert.deepEqual([await events.ended, await output.ended], [true, true]);
  for (const viewer of [events, output]) assert.equal(viewer.events.at(-1)!.event, "reconnect");
  await service.start();
  await Deno.writeTextFile(`${service.files}/gate`, "");
  await using again = await Viewer.open(`${service.url}/api/events?types=jobs`, { lastId: events.parser.lastId });
  await again.until("the end is seen", () => again.data<{ done: boolean }>("job").some(({ done }) => done));
  await using more = await Viewer.open(`${service.url}/api/jobs/${job_id}/output`, { lastId: output.parser.lastId });
  await more.ended;
  assert.equal(more.text("stdout"), "end\n");
});
