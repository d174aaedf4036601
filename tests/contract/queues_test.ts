import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { type TestApp, testApp } from "../helpers/app.ts";

const pointers = (problem: { errors: { pointer: string }[] }) => problem.errors.map(({ pointer }) => pointer);

async function submit(service: TestApp, job: Record<string, unknown>): Promise<number> {
  const { status, json, text } = await service.ask("POST", "/api/jobs", { json: { command: "true", ...job } });
  assert.equal(status, 202, text);
  return json.job_id;
}

const put = (service: TestApp, name: string, json: unknown) =>
  service.ask("PUT", `/api/queues/${encodeURIComponent(name)}`, { json });

Deno.test("a queue is made with 201, changed with 200, listed, and deleted with 204", async () => {
  await using service = await testApp();
  const plain = { slots: null, paused: false, max_queued: null, queued: 0, waiting: 0, held: 0, running: 0 };
  assert.deepEqual((await service.ask("GET", "/api/queues")).json, {
    queues: [{ name: "default", ...plain, url: "/api/queues/default" }],
  });
  const made = await put(service, "ночь", { slots: 2 });
  assert.deepEqual([made.status, made.json.name, made.json.slots], [201, "ночь", 2]);
  assert.equal((await service.ask("GET", made.json.url)).json.name, "ночь");
  const changed = await put(service, "ночь", { paused: true, max_queued: 5 });
  assert.deepEqual([changed.status, changed.json], [200, {
    ...plain,
    name: "ночь",
    paused: true,
    max_queued: 5,
    url: made.json.url,
  }]);
  await submit(service, { queue: "ночь" });
  const names = (await service.ask("GET", "/api/queues")).json.queues.map((
    { name, queued }: { name: string; queued: number },
  ) => [name, queued]);
  assert.deepEqual(names, [["default", 0], ["ночь", 1]]);
  const refused = await service.ask("DELETE", made.json.url);
  assert.deepEqual([refused.status, refused.json.code], [409, "queue_in_use"]);
  assert.equal((await service.ask("DELETE", "/api/jobs/1")).status, 204);
  assert.equal((await service.ask("DELETE", made.json.url)).status, 204);
  assert.equal((await service.ask("GET", made.json.url)).status, 404);
  assert.equal((await service.ask("DELETE", made.json.url)).status, 404);
  assert.equal((await service.ask("DELETE", "/api/queues/default")).status, 409);
});

Deno.test("a queue's name is the same whichever way its accents are written, and no path", async () => {
  await using service = await testApp();
  await put(service, "caf\u00e9", {});
  assert.equal((await put(service, "cafe\u0301", {})).status, 200);
  assert.equal((await service.ask("GET", "/api/jobs?queue=cafe%CC%81")).status, 200);
  for (const name of ["-a", "..a", "a b", "a/b", "a\0", "x".repeat(65), "😀"]) {
    const { status, json } = await put(service, name, {});
    assert.deepEqual([status, json?.code], [400, "invalid_request"], JSON.stringify(name));
  }
  const bad = [{ slots: 0 }, { slots: 1.5 }, { paused: null }, { max_queued: -1 }, { slot: 1 }, []];
  for (const json of bad) assert.equal((await put(service, "a", json)).status, 400, JSON.stringify(json));
});

Deno.test("a full queue answers 429 with Retry-After, and takes jobs again when there is room", async () => {
  await using service = await testApp();
  await put(service, "q", { paused: true, max_queued: 1 });
  const id = await submit(service, { queue: "q" });
  const full = await service.ask("POST", "/api/jobs", { json: { command: "true", queue: "q" } });
  assert.deepEqual([full.status, full.json.code], [429, "queue_full"]);
  assert.match(full.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
  const moved = await service.ask("PATCH", `/api/jobs/${await submit(service, { start_at: "2999-01-01" })}`, {
    json: { queue: "q" },
  });
  assert.deepEqual([moved.status, moved.json.code], [429, "queue_full"]);
  await service.ask("PATCH", `/api/jobs/${id}`, { json: { state: "terminated" } });
  await submit(service, { queue: "q" });
});

Deno.test("POST /api/jobs names each field of the queue that is wrong", async () => {
  await using service = await testApp();
  const first = await submit(service, {});
  const cases: [Record<string, unknown>, string[]][] = [
    [{ queue: "none" }, ["/queue"]],
    [{ queue: "" }, ["/queue"]],
    [{ start_at: "tomorrow" }, ["/start_at"]],
    [{ start_at: "2026-02-30T00:00:00Z" }, ["/start_at"]],
    [{ start_at: Date.now() }, ["/start_at"]],
    [{ start_at: -1 }, ["/start_at"]],
    [{ after: [] }, ["/after"]],
    [{ after: [0] }, ["/after/0"]],
    [{ after: [first, 1.5] }, ["/after/1"]],
    [{ after: [first, 99] }, ["/after/1"]],
    [{ after: [first], if: "failed" }, ["/if"]],
    [{ if: "done" }, ["/if"]],
    [{ retries: -1 }, ["/retries"]],
    [{ retries: 101 }, ["/retries"]],
    [{ retry_delay: 5 }, ["/retry_delay"]],
    [{ retries: 1, backoff: 0.5 }, ["/backoff"]],
    [{ retries: 1, retry_delay: -1, max_retry_delay: "x" }, ["/max_retry_delay", "/retry_delay"]],
  ];
  for (const [fields, expected] of cases) {
    const answer = await service.ask("POST", "/api/jobs", { json: { command: "true", ...fields } });
    assert.equal(answer.status, 400, answer.text);
    assert.deepEqual(pointers(answer.json).toSorted(), expected, answer.text);
  }
  assert.equal((await service.ask("GET", "/api/jobs")).json.jobs.length, 1);
});

Deno.test("start_at is a time or seconds since 1970, and is shown as the time that is waited for", async () => {
  await using service = await testApp();
  for (const start_at of ["2999-01-01T03:00:00+03:00", "2999-01-01", 32472144000]) {
    const { json } = await service.ask("POST", "/api/jobs", { json: { command: "true", start_at } });
    assert.deepEqual([json.start_at, json.waiting_until], ["2999-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"]);
    assert.equal(json.state, "queued");
  }
  const past = await service.ask("POST", "/api/jobs", { json: { command: "true", start_at: 1 } });
  assert.deepEqual([past.json.start_at, past.json.waiting_until], ["1970-01-01T00:00:01.000Z", null]);
  await eventually("it has run", async () => (await service.ask("GET", "/api/jobs/4")).json.state === "succeeded");
});

Deno.test("a job shows what it comes after, and why it was cancelled", async () => {
  await using service = await testApp();
  const gate = await submit(service, { start_at: "2999-01-01" });
  const after = await submit(service, { after: [gate] });
  const shown = (await service.ask("GET", `/api/jobs/${after}`)).json;
  assert.deepEqual([shown.after, shown.if, shown.waiting_for], [[gate], "succeeded", [gate]]);
  await service.ask("DELETE", `/api/jobs/${gate}`);
  const { json } = await service.ask("GET", `/api/jobs/${after}`);
  assert.deepEqual([json.state, json.waiting_for, json.after], ["terminated", [], [gate]]);
  assert.equal(json.error, `Cancelled: job ${gate}, which it was to come after, was cancelled.`);
});

Deno.test("a job shows its attempts, each with its end and its part of the output", async () => {
  await using service = await testApp();
  const id = await service.finished({ command: "echo abc; exit 3", retries: 1, retry_delay: 0 });
  const { json } = await service.ask("GET", `/api/jobs/${id}`);
  assert.deepEqual([json.attempt, json.retries, json.exit_code, json.attempts.length], [2, 1, 3, 1]);
  const { started, ended, duration, ...attempt } = json.attempts[0];
  assert.deepEqual(attempt, {
    attempt: 1,
    state: "failed",
    paused: 0,
    exit_code: 3,
    signal: null,
    error: null,
    stdout_from: 0,
    stdout_to: 4,
    stderr_from: 0,
    stderr_to: 0,
  });
  assert.ok(started <= ended && ended <= json.started && duration >= 0);
  const second = await service.ask("GET", `/api/jobs/${id}/stdout`, { headers: { range: "bytes=4-" } });
  assert.equal(second.text, "abc\n");
});

Deno.test("whoever follows the output sees all attempts, and the end after the last", async () => {
  await using service = await testApp();
  const command = 'cd "$DIR"; echo $(ls | wc -l); mktemp ./XXXXXX >/dev/null; exit 1';
  const DIR = await Deno.makeTempDir();
  const id = await submit(service, { command, env: { DIR }, retries: 2, retry_delay: 0.05 });
  assert.equal((await service.ask("GET", `/api/jobs/${id}/stdout?follow=true`)).text, "0\n1\n2\n");
  const { json } = await service.ask("GET", `/api/jobs/${id}`);
  assert.deepEqual([json.state, json.attempt], ["failed", 3]);
  await Deno.remove(DIR, { recursive: true });
});

Deno.test("PATCH edits a job that has not begun, and is 409 once it has", async () => {
  await using service = await testApp();
  await put(service, "q", { paused: true });
  const id = await submit(service, { queue: "q", labels: { a: "1" }, timeout: 5, retries: 3 });
  const patch = (json: unknown) => service.ask("PATCH", `/api/jobs/${id}`, { json });
  const edited = await patch({
    argv: ["echo", "два"],
    name: "имя",
    labels: null,
    env: { A: "б" },
    timeout: null,
    grace: 1,
    priority: 7,
    start_at: "2999-01-01",
    retry_delay: 2,
  });
  assert.equal(edited.status, 200, edited.text);
  const { argv, name, labels, env, timeout, grace, priority, waiting_until, retries, retry_delay } = edited.json;
  assert.deepEqual([argv, name, labels, env], [["echo", "два"], "имя", {}, { A: "б" }]);
  assert.deepEqual([timeout, grace, priority, retries, retry_delay], [null, 1, 7, 3, 2]);
  assert.equal(waiting_until, "2999-01-01T00:00:00.000Z");
  for (
    const bad of [{ command: "a", argv: ["b"] }, { command: null }, { nam: "x" }, { state: "paused", name: "x" }, {}]
  ) {
    assert.equal((await patch(bad)).status, 400, JSON.stringify(bad));
  }
  await patch({ queue: null, start_at: null });
  await eventually("it has run", async () => (await service.ask("GET", `/api/jobs/${id}`)).json.state === "succeeded");
  const late = await patch({ name: "late" });
  assert.deepEqual([late.status, late.json.code], [409, "invalid_transition"]);
});

Deno.test("POST /api/jobs/{id}/rerun makes a new job like it, once for each Idempotency-Key", async () => {
  await using service = await testApp();
  const id = await service.finished({ command: "echo again", name: "first", start_at: 1 });
  const rerun = (key?: string) =>
    service.ask("POST", `/api/jobs/${id}/rerun`, key ? { headers: { "idempotency-key": key } } : {});
  const { status, headers, json } = await rerun();
  assert.deepEqual([status, headers.get("location")], [202, `/api/statuses/${json.job_id}`]);
  assert.deepEqual([json.rerun_of, json.command, json.name, json.start_at], [id, "echo again", "first", null]);
  const [one, two] = [await rerun("k"), await rerun("k")];
  assert.equal(one.json.job_id, two.json.job_id);
  const clash = await service.ask("POST", "/api/jobs", {
    json: { command: "true" },
    headers: { "idempotency-key": "k" },
  });
  assert.equal(clash.status, 422);
  assert.equal((await service.ask("POST", "/api/jobs/999/rerun")).status, 404);
  for (const job of [json.job_id, one.json.job_id]) {
    await service.ask("GET", `/api/statuses/${job}`, { headers: { prefer: "wait=60" } });
  }
});

Deno.test("lists are filtered by queue, in which jobs of worker slots are not", async () => {
  await using service = await testApp();
  await put(service, "q", {});
  const id = await service.finished({ command: "true", queue: "q" });
  await service.finished({ command: "true" });
  for (const list of ["jobs", "statuses", "results"]) {
    const { json } = await service.ask("GET", `/api/${list}?queue=q`);
    assert.deepEqual(
      json[list].map((item: Record<string, number>) => item[`${list.replace(/(es|s)$/, "")}_id`] ?? id),
      [
        id,
      ],
    );
    assert.equal((await service.ask("GET", `/api/${list}?queue=`)).status, 400);
  }
});

Deno.test("a job in a worker slot takes nothing of the queue, and says so", async () => {
  await using service = await testApp();
  const worker = (await service.ask("GET", "/new_job")).json["worker-id"];
  const fields = { queue: "default", start_at: 1, after: [1], if: "done", retries: 1, retry_delay: 1, backoff: 2 };
  for (const [name, value] of Object.entries({ ...fields, max_retry_delay: 3 })) {
    const answer = await service.ask("POST", `/job/new/${worker}`, { json: { command: "true", [name]: value } });
    assert.deepEqual([answer.status, pointers(answer.json)], [400, [`/${name}`]]);
    assert.match(answer.json.detail, /starts at once/);
  }
  const { json } = await service.ask("POST", `/job/new/${worker}`, { json: { command: "true" } });
  assert.equal((await service.ask("GET", `/api/jobs/${json.job_id}`)).json.queue, null);
  const again = await service.ask("POST", `/api/jobs/${json.job_id}/rerun`);
  assert.equal(again.json.queue, "default");
  await service.ask("GET", `/api/statuses/${again.json.job_id}`, { headers: { prefer: "wait=60" } });
});

Deno.test("/new_job is not refused for jobs that a slot would not help", async () => {
  await using service = await testApp({ slots: 1 });
  await put(service, "q", { paused: true });
  const first = await submit(service, { queue: "q" });
  await submit(service, { after: [first] });
  await submit(service, { start_at: "2999-01-01" });
  assert.equal((await service.ask("GET", "/new_job")).status, 200);
  await put(service, "q", {});
  assert.equal((await service.ask("GET", "/new_job")).status, 503);
});
