import assert from "node:assert/strict";
import { eventually } from "../../helpers/eventually.ts";
import { resultOf, submit } from "../../helpers/jobs.ts";
import { type Service, startService } from "../../helpers/service.ts";
import type { ProblemView, WorkerView } from "../../helpers/views.ts";
import type { Expected, Row } from "./row.ts";
import { BODIES } from "./rows/bodies.ts";
import { FIELDS } from "./rows/fields.ts";
import { FRAMING } from "./rows/framing.ts";
import { HEADERS } from "./rows/headers.ts";
import { PROTOCOL } from "./rows/protocol.ts";
import { TARGETS } from "./rows/targets.ts";
import { UPLOADS } from "./rows/uploads.ts";
import { type Heard, tell } from "./wire.ts";

const TABLES: Record<string, Row[]> = {
  "where messages end": FRAMING,
  "versions and protocols": PROTOCOL,
  "header fields": HEADERS,
  "paths and queries": TARGETS,
  "bodies": BODIES,
  "conditions, ranges and preferences": FIELDS,
  "files": UPLOADS,
};

/** What the executable is made of parses some requests otherwise. */
const isOld = Deno.env.has("STINT_EXECUTABLE") || Deno.version.deno.startsWith("2.4.");

/** What was there before the first row, and has to be there after each. */
interface Seed {
  ended: number;
  running: number;
  state: string;
}

for (const [topic, rows] of Object.entries(TABLES)) {
  Deno.test(`bad input, ${topic}: every row of the table has its one answer, and leaves nothing behind`, async () => {
    await using service = await startService();
    const seed = await sow(service);
    const wrong: string[] = [];
    for (const row of rows) {
      const complaints = await tryRow(service, row, seed);
      if (complaints.length > 0) wrong.push(`${row.name}\n    ${complaints.join("\n    ")}`);
    }
    await service.call("DELETE", `/api/jobs/${seed.running}?terminate=true`);
    assert.equal(wrong.length, 0, `${wrong.length} of ${rows.length} rows:\n  ${wrong.join("\n  ")}`);
    assert.deepEqual(await service.errors(), [], "error.log is for the server's faults, not the clients'");
  });
}

Deno.test("the table of bad input has at least 120 rows, no two of the same name or the same request", () => {
  const rows = Object.values(TABLES).flat();
  assert.ok(rows.length >= 120, `${rows.length} rows`);
  for (const [topic, rows] of Object.entries(TABLES)) {
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length, topic);
  }
  assert.equal(new Set(rows.map(({ send, drip }) => `${drip} ${send}`)).size, rows.length);
});

async function sow(service: Service): Promise<Seed> {
  const { job_id: ended } = await submit(service, "printf 0123456789");
  await resultOf(service, ended);
  const once = await service.call("POST", "/api/jobs", {
    json: { command: "sleep 1000" },
    headers: { "idempotency-key": "seed" },
  });
  const running = once.json<{ job_id: number }>().job_id;
  await eventually(
    "it runs",
    async () => (await service.call("GET", `/api/jobs/${running}`)).text.includes('"running"'),
  );
  const worker = await reserve(service);
  await service.call("POST", `/upload/new/${worker}?name=seed.txt`, { body: "0123456789" });
  await service.call("PUT", "/seed", { body: "seed" });
  return { ended, running, state: await stateOf(service) };
}

async function reserve(service: Service): Promise<string> {
  return (await service.call("GET", "/new_job")).json<WorkerView>()["worker-id"];
}

/** All that a request could have changed. */
async function stateOf(service: Service): Promise<string> {
  const lists = [
    "/api/keys",
    "/api/files",
    "/api/jobs",
    "/api/queues",
    "/api/serverStatus",
    "/seed",
    "/api/files/seed.txt",
  ];
  const texts = [];
  for (const path of lists) {
    const { text } = await service.call("GET", path);
    texts.push(path === "/api/queues" ? text.replaceAll(/"(running|slots_used)":\d+/g, "") : text);
  }
  return texts.join("\n");
}

/** Sends a row; says what is wrong with what came back, and with what is there afterwards. */
async function tryRow(service: Service, row: Row, seed: Seed): Promise<string[]> {
  const worker = row.send.includes("@WORKER") ? await reserve(service) : undefined;
  const text = row.send.replaceAll("@HOST", `127.0.0.1:${service.port}`).replaceAll("@JOB", String(seed.ended))
    .replaceAll("@RUNNING", String(seed.running)).replaceAll("@WORKER", worker ?? "");
  const expected = isOld && row.old ? row.old : row;
  const complaints = [...faultsIn(await tell(service.port, text, { pieces: row.drip, ends: row.ends }), expected)];
  if (worker) {
    // Gone already where the request has used it up.
    await eventually("the worker is done with", async () => {
      await service.call("POST", `/modify/${worker}/terminated`);
      return !/"(reserved|running|paused)"/.test((await service.call("GET", `/status/${worker}`)).text);
    });
  }
  const alive = await service.call("GET", "/-/healthy");
  if (alive.status !== 200) complaints.push(`afterwards the server answers ${alive.status}`);
  const after = await stateOf(service);
  if ((after !== seed.state) !== (expected.stores ?? false)) {
    complaints.push(`${expected.stores ? "nothing is" : "something else is"} there afterwards`);
  }
  if (after !== seed.state) await restore(service, seed);
  return complaints;
}

async function restore(service: Service, seed: Seed): Promise<void> {
  const { keys } = (await service.call("GET", "/api/keys")).json<{ keys: { key: string }[] }>();
  for (const { key } of keys) if (key !== "seed") await service.call("DELETE", `/${key}`);
  const { files } = (await service.call("GET", "/api/files")).json<{ files: { name: string; url: string }[] }>();
  for (const { name, url } of files) if (name !== "seed.txt") await service.call("DELETE", url);
  const { jobs } = (await service.call("GET", "/api/jobs")).json<{ jobs: { job_id: number }[] }>();
  for (const { job_id: id } of jobs) {
    if (id !== seed.ended && id !== seed.running) await service.call("DELETE", `/api/jobs/${id}?terminate=true`);
  }
  assert.equal(await stateOf(service), seed.state, "what a row has stored can be removed");
}

function* faultsIn({ answers, kept, hung }: Heard, expected: Expected): Generator<string> {
  const got = answers.map(({ status, text }) => `${status} ${text.slice(0, 200)}`).join(" | ");
  const answer = answers[0];
  if (hung) return yield `neither answered nor closed; got: ${got}`;
  if (expected.status === 0) {
    if (answer) yield `expected no answer, got: ${got}`;
    return;
  }
  if (!answer) return yield `expected ${expected.status}, got no answer`;
  if (answer.status !== expected.status) return yield `expected ${expected.status}, got: ${got}`;
  if (answers.length > (kept ? 2 : 1)) yield `one request, and several answers: ${got}`;
  if (kept && answers[1]?.status !== 200) yield `what follows on the connection is answered otherwise: ${got}`;
  if (kept === (expected.closed ?? false)) yield `the connection was ${kept ? "kept" : "closed"}`;
  for (const [name, value] of Object.entries(expected.fields ?? {})) {
    if (answer.headers.get(name) !== value) yield `expected ${name}: ${value}, got ${answer.headers.get(name)}`;
  }
  if (expected.body !== undefined && answer.text !== expected.body) yield `expected the body ${expected.body}: ${got}`;
  yield* problemIn(answer, expected);
}

function* problemIn({ status, headers, text }: Heard["answers"][number], expected: Expected): Generator<string> {
  if (/\n\s+at .*:\d+:\d+/.test(text)) yield "expected no stack trace";
  if (expected.code === undefined) {
    if (status >= 400 && text !== "") yield `expected a bare refusal, got: ${text.slice(0, 200)}`;
    return;
  }
  if (!/^application\/problem\+json/.test(headers.get("content-type") ?? "")) {
    return yield "expected a problem document";
  }
  const problem = JSON.parse(text) as ProblemView;
  if (problem.status !== expected.status) yield `expected status ${expected.status} in the body: ${text}`;
  if (problem.code !== expected.code) yield `expected the code ${expected.code}: ${text.slice(0, 300)}`;
  if (problem.request_id !== headers.get("x-request-id")) yield "expected request_id to be X-Request-Id";
  if (expected.pointer !== undefined && !problem.errors?.some(({ pointer }) => pointer === expected.pointer)) {
    yield `expected the pointer ${expected.pointer}: ${text.slice(0, 400)}`;
  }
}
