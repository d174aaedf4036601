import assert from "node:assert/strict";
import type { TokenBounds } from "../../lib/domain/token_bounds.ts";
import { CONTRACT } from "../../openapi/document.ts";
import { type AskOptions, type TestApp, testApp } from "../helpers/app.ts";
import { madeTokens } from "../helpers/bound_token.ts";
import { sseEvents } from "../helpers/sse.ts";

/**
 * What a token that is bound to certain jobs gets of each operation.
 *
 * - `job`: 404 (`worker`: 400 `worker_unknown`) for a job that it does not see, and nothing happens to that
 * - `touch`: the same, and 403 for one that it sees and could not have asked for
 * - `submit`: only what is within the bounds
 * - `list`: without the jobs that it does not see
 * - `counts`: its own queues; 403 when it is bound to labels
 * - `refused`: 403
 * - `scope`: no jobs in it; the scopes alone decide
 */
type Outcome = "job" | "touch" | "worker" | "submit" | "list" | "counts" | "refused" | "scope";

const OUTCOMES: Record<string, Outcome> = {
  listJobs: "list",
  listStatuses: "list",
  listResults: "list",
  watchEvents: "list",
  listWorkers: "list",
  getJob: "job",
  getStatus: "job",
  getResult: "job",
  getStdout: "job",
  getStderr: "job",
  getOutput: "job",
  controlJob: "touch",
  signalJob: "touch",
  deleteJob: "touch",
  deleteResult: "touch",
  rerunJob: "touch",
  workerStatus: "worker",
  modifyWorker: "worker",
  submitJob: "submit",
  runJob: "submit",
  listQueues: "counts",
  getQueue: "counts",
  putQueue: "refused",
  deleteQueue: "refused",
  newJob: "scope",
  upload: "scope",
  download: "scope",
  holdRequest: "scope",
  serverStatus: "scope",
  killRequest: "scope",
  listUploads: "scope",
  getUpload: "scope",
  deleteUpload: "scope",
  listFiles: "scope",
  getFile: "scope",
  deleteFile: "scope",
  getKey: "scope",
  putKey: "scope",
  deleteKey: "scope",
  getKeyLong: "scope",
  putKeyLong: "scope",
  deleteKeyLong: "scope",
  listKeys: "scope",
  watchKeys: "scope",
  batchKeys: "scope",
  addToKey: "scope",
  whoAmI: "scope",
  // For `admin`, which cannot be bound, or for anybody.
  listAudit: "scope",
  listErrors: "scope",
  metrics: "scope",
  home: "scope",
  pageWorkers: "scope",
  pageRequests: "scope",
  pageKeys: "scope",
  pageSystem: "scope",
  pageJob: "scope",
  dashboardAsset: "scope",
  openapi: "scope",
  docs: "scope",
  docsAsset: "scope",
  healthy: "scope",
  ready: "scope",
  signIn: "scope",
  signOut: "scope",
};

const BOUNDS: TokenBounds = { queues: ["deploys", "spare"], labels: { team: "web" } };

/** A valid request for each operation that concerns one job. */
const REQUESTS: Record<string, (id: number) => [string, string, AskOptions?]> = {
  getJob: (id) => ["GET", `/api/jobs/${id}`],
  getStatus: (id) => ["GET", `/api/statuses/${id}`],
  getResult: (id) => ["GET", `/api/results/${id}`],
  getStdout: (id) => ["GET", `/api/jobs/${id}/stdout`],
  getStderr: (id) => ["GET", `/api/jobs/${id}/stderr?tail=1`],
  getOutput: (id) => ["GET", `/api/jobs/${id}/output`],
  controlJob: (id) => ["PATCH", `/api/jobs/${id}`, { json: { state: "paused" } }],
  signalJob: (id) => ["POST", `/api/jobs/${id}/signal`, { json: { signal: "SIGUSR1" } }],
  deleteResult: (id) => ["DELETE", `/api/results/${id}`],
  rerunJob: (id) => ["POST", `/api/jobs/${id}/rerun`],
  deleteJob: (id) => ["DELETE", `/api/jobs/${id}`],
};

Deno.test("every operation says what a token with bounds gets of it", () => {
  assert.deepEqual(CONTRACT.map(({ operationId }) => operationId!).sort(), Object.keys(OUTCOMES).sort());
});

Deno.test("the table of docs/tokens.md says the same of every operation", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/tokens.md", import.meta.url));
  const rows = [...text.matchAll(/^\| `([a-zA-Z]+)`(?:, `[a-zA-Z]+`)* +\|.*\| ([a-z]+) +\|$/gm)];
  const said = rows.flatMap(([row, , outcome]) =>
    [...row.split("|")[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => [name!, outcome!])
  );
  assert.deepEqual(Object.fromEntries(said), OUTCOMES);
});

/** A service with queues, and jobs of which a token with {@link BOUNDS} sees only those with the label, in its queues. */
async function stage() {
  const made = await madeTokens();
  const service = await testApp({ tokens: made.tokens });
  const admin = made.make("admin", { scopes: ["admin"] });
  for (const name of ["deploys", "spare", "others"]) {
    assert.equal((await service.ask("PUT", `/api/queues/${name}`, { headers: admin, json: {} })).status, 201);
  }
  const run = (json: Record<string, unknown>, headers: Record<string, string> = admin) =>
    service.ask("POST", "/api/jobs", { headers: { prefer: "wait=60", ...headers }, json });
  return {
    made,
    service,
    admin,
    /** The id of a job that has ended. */
    async ran(json: Record<string, unknown>, headers?: Record<string, string>): Promise<number> {
      const { status, json: result, text } = await run(json, headers);
      assert.equal(status, 200, text);
      return result.result_id;
    },
    run,
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await made[Symbol.asyncDispose]();
    },
  };
}

const HIDDEN = [
  { command: "echo hidden", queue: "others", labels: { team: "web" } },
  { command: "echo hidden", queue: "deploys", labels: { team: "api" } },
  { command: "echo hidden", queue: "deploys" },
  { command: "echo hidden" },
];

Deno.test("every operation about a job: 404 outside of the bounds, with nothing done, and an answer within them", async () => {
  await using on = await stage();
  const bound = on.made.make("bound", { bounds: BOUNDS });
  const concerned = Object.entries(OUTCOMES).filter(([, outcome]) => outcome === "job" || outcome === "touch");
  assert.deepEqual(concerned.map(([name]) => name).sort(), Object.keys(REQUESTS).sort());
  for (const job of HIDDEN) {
    const id = await on.ran(job);
    const before = (await on.service.ask("GET", `/api/results/${id}`, { headers: on.admin })).text;
    for (const [name, request] of Object.entries(REQUESTS)) {
      const [method, path, options] = request(id);
      const unknown = await on.service.ask(method, request(999_999)[1], { ...options, headers: bound });
      const answer = await on.service.ask(method, path, { ...options, headers: bound });
      assert.equal(answer.status, 404, `${name}: ${answer.text}`);
      assert.deepEqual(
        [answer.json.code, answer.json.detail],
        [unknown.json.code, unknown.json.detail.replaceAll("999999", String(id))],
        name,
      );
    }
    assert.equal((await on.service.ask("GET", `/api/results/${id}`, { headers: on.admin })).text, before);
  }
  for (const request of Object.values(REQUESTS)) {
    const id = await on.ran({ command: "true", queue: "spare", labels: { team: "web", more: "x" } });
    const [method, path, options] = request(id);
    const { status, text } = await on.service.ask(method, path, { ...options, headers: bound });
    assert.ok(![403, 404].includes(status), `${method} ${path}: ${status} ${text}`);
  }
});

Deno.test("what a token sees and could not have asked for it may look at and no more", async () => {
  await using on = await stage();
  const bound = on.made.make("bound", { bounds: { ...BOUNDS, commands: { prefixes: [["echo", "a"]] } } });
  const view = { queue: "deploys", labels: { team: "web" } };
  const id = await on.ran({ argv: ["echo", "b"], ...view });
  for (const [name, request] of Object.entries(REQUESTS)) {
    const [method, path, options] = request(id);
    const { status, text, json } = await on.service.ask(method, path, { ...options, headers: bound });
    if (OUTCOMES[name] !== "touch") assert.ok(status < 400, `${name}: ${text}`);
    else assert.deepEqual([status, json.code], [403, "token_bound"], name);
  }
  // Its own command, with what it could not have given it.
  const others = {
    "/env/LD_PRELOAD": { env: { LD_PRELOAD: "/tmp/x.so" } },
    "/stdin": { stdin: "x" },
    "/cwd": { cwd: "/" },
  };
  for (const [pointer, given] of Object.entries(others)) {
    const other = await on.ran({ argv: ["echo", "a"], ...given, ...view });
    for (const name of Object.keys(REQUESTS).filter((name) => OUTCOMES[name] === "touch")) {
      const [method, path, options] = REQUESTS[name]!(other);
      const { status, json } = await on.service.ask(method, path, { ...options, headers: bound });
      assert.deepEqual([status, json.errors?.[0].pointer], [403, pointer], name);
    }
  }
  const own = await on.ran({ argv: ["echo", "a", "b"], ...view });
  assert.equal((await on.service.ask("DELETE", `/api/jobs/${own}`, { headers: bound })).status, 204);
});

Deno.test("lists, searches and their pages hold only what is within the bounds", async () => {
  await using on = await stage();
  const bound = on.made.make("bound", { bounds: BOUNDS });
  const visible = [];
  for (let round = 0; round < 2; round++) {
    for (const job of HIDDEN) await on.ran(job);
    visible.unshift(await on.ran({ command: "echo hidden", queue: "spare", labels: { team: "web" } }));
  }
  const ids = async (path: string, headers = bound): Promise<number[]> => {
    const { json } = await on.service.ask("GET", path, { headers });
    const [list] = Object.values(json) as Record<string, number>[][];
    return list!.map(({ job_id, status_id, result_id }) => (job_id ?? status_id ?? result_id)!);
  };
  for (const list of ["jobs", "statuses", "results"]) {
    for (const query of ["", "?q=hidden", "?output=hidden", "?state=succeeded", "?label=team:web", "?min_duration=0"]) {
      assert.deepEqual(await ids(`/api/${list}${query}`), visible, `${list}${query}`);
    }
    for (const query of ["?queue=others", "?label=team:api", "?queue=default"]) {
      assert.deepEqual(await ids(`/api/${list}${query}`), [], `${list}${query}`);
    }
    assert.equal((await ids(`/api/${list}`, on.admin)).length, 10);
  }
  const first = await on.service.ask("GET", "/api/jobs?limit=1", { headers: bound });
  const next = /<(.*)>/.exec(first.headers.get("link")!)![1]!;
  assert.deepEqual(await ids(next), [visible[1]]);
  // A cursor says where in one's own list one is, and nothing in another's.
  assert.equal((await on.service.ask("GET", next, { headers: on.admin })).status, 400);
});

Deno.test("queues: its own are shown, none where labels count, and none can be changed", async () => {
  await using on = await stage();
  const queues = on.made.make("queues", { bounds: { queues: ["deploys"] } });
  const labels = on.made.make("labels", { bounds: { labels: { team: "web" } } });
  const commands = on.made.make("commands", { bounds: { commands: { prefixes: [["true"]] } } });
  const ask = async (method: string, path: string, headers: Record<string, string>, json?: unknown) =>
    await on.service.ask(method, path, { headers, json });
  const listed = await ask("GET", "/api/queues", queues);
  assert.deepEqual(listed.json.queues.map(({ name }: { name: string }) => name), ["deploys"]);
  assert.equal((await ask("GET", "/api/queues/deploys", queues)).status, 200);
  assert.equal((await ask("GET", "/api/queues/others", queues)).status, 404);
  assert.equal((await ask("GET", "/api/queues", labels)).json.code, "token_bound");
  assert.equal((await ask("GET", "/api/queues/deploys", labels)).json.code, "token_bound");
  for (const each of [queues, labels, commands]) {
    assert.equal((await ask("PUT", "/api/queues/deploys", each, { paused: true })).json.code, "token_bound");
    assert.equal((await ask("DELETE", "/api/queues/deploys", each)).json.code, "token_bound");
  }
});

Deno.test("what a job is asked for with has to be within the bounds, and is given what they say", async () => {
  await using on = await stage();
  const { make } = on.made;
  const web = make("web", { bounds: { queues: ["deploys"], labels: { team: "web" } } });
  const { json: first } = await on.service.ask("POST", "/api/jobs", {
    headers: web,
    json: { command: "true", labels: { a: "b" } },
  });
  assert.deepEqual([first.queue, first.labels], ["deploys", { a: "b", team: "web" }]);
  const two = make("two", { bounds: { queues: ["deploys", "spare"] } });
  const ci = make("ci", {
    bounds: { commands: { prefixes: [["./deploy.sh", "prod"], ["true"]], cwd: "/tmp", env: ["VERSION"] } },
  });
  const fed = make("fed", { bounds: { commands: { prefixes: [["cat"]], stdin: true } } });
  const cases: [Record<string, string>, Record<string, unknown>, string | undefined][] = [
    [web, { command: "true", queue: "others" }, "/queue"],
    [web, { command: "true", labels: { team: "api" } }, "/labels/team"],
    [web, { command: "true", queue: "deploys", labels: { team: "web" } }, undefined],
    [two, { command: "true" }, "/queue"],
    [two, { command: "true", queue: "spare" }, undefined],
    [ci, { command: "./deploy.sh prod" }, "/command"],
    [ci, { command: "true" }, "/command"],
    [ci, { argv: ["true"] }, undefined],
    [ci, { argv: ["true", "anything", "; reboot"], env: { VERSION: "1" }, cwd: "/tmp" }, undefined],
    [ci, { argv: ["./deploy.sh"] }, "/argv"],
    [ci, { argv: ["./deploy.sh", "production"] }, "/argv"],
    [ci, { argv: ["./deploy.sh prod"] }, "/argv"],
    [ci, { argv: ["sh", "-c", "true"] }, "/argv"],
    [ci, { argv: ["true"], env: { PATH: "/tmp" } }, "/env/PATH"],
    [ci, { argv: ["true"], env: { "LD_PRELOAD": "/tmp/a.so", VERSION: "1" } }, "/env/LD_PRELOAD"],
    [ci, { argv: ["true"], env: { "BASH_ENV~/x": "1" } }, "/env/BASH_ENV~0~1x"],
    [ci, { argv: ["true"], cwd: "/root" }, "/cwd"],
    [ci, { argv: ["true"], stdin: "" }, "/stdin"],
    [fed, { argv: ["cat"], stdin: "in" }, undefined],
    [fed, { argv: ["cat"], cwd: "/" }, "/cwd"],
    [fed, { argv: ["cat"], env: { A: "1" } }, "/env/A"],
  ];
  for (const [headers, json, pointer] of cases) {
    const { status, text, json: answer } = await on.run(json, headers);
    if (pointer === undefined) assert.equal(status, 200, text);
    else assert.deepEqual([status, answer.code, answer.errors[0].pointer], [403, "token_bound", pointer], text);
  }
  const job = await on.service.ask("POST", "/api/jobs", { headers: ci, json: { argv: ["true"] } });
  assert.equal(job.json.cwd, "/tmp");
});

Deno.test("editing keeps a job within the bounds", async () => {
  await using on = await stage();
  const bound = on.made.make("bound", {
    bounds: { queues: ["deploys"], labels: { team: "web" }, commands: { prefixes: [["true"]] } },
  });
  await on.service.ask("PUT", "/api/queues/deploys", { headers: on.admin, json: { paused: true } });
  const { json: { job_id: id } } = await on.service.ask("POST", "/api/jobs", {
    headers: bound,
    json: { argv: ["true"] },
  });
  const hidden = await on.ran({ command: "true" });
  const edit = (json: unknown) => on.service.ask("PATCH", `/api/jobs/${id}`, { headers: bound, json });
  const cases: [Record<string, unknown>, number, string?][] = [
    [{ queue: "others" }, 403, "/queue"],
    [{ labels: { team: "api" } }, 403, "/labels/team"],
    [{ command: "reboot" }, 403, "/command"],
    [{ argv: ["reboot"] }, 403, "/argv"],
    [{ env: { PATH: "/tmp" } }, 403, "/env/PATH"],
    [{ cwd: "/tmp" }, 403, "/cwd"],
    [{ after: [hidden] }, 400, "/after/0"],
    [{ name: "ok", queue: null }, 200],
    [{ labels: null }, 200],
    [{ argv: ["true", "more"] }, 200],
  ];
  for (const [json, status, pointer] of cases) {
    const answer = await edit(json);
    assert.equal(answer.status, status, answer.text);
    if (pointer) assert.equal(answer.json.errors[0].pointer, pointer);
    else assert.deepEqual([answer.json.queue, answer.json.labels], ["deploys", { team: "web" }]);
  }
  // Others may take it out of sight.
  await on.service.ask("PATCH", `/api/jobs/${id}`, { headers: on.admin, json: { labels: null } });
  assert.equal((await edit({ name: "more" })).status, 404);
});

Deno.test("waiting for a job, and repeating a request, tell nothing of jobs outside of the bounds", async () => {
  await using on = await stage();
  const bound = on.made.make("bound", { bounds: BOUNDS });
  const hidden = await on.ran({ command: "true" });
  const json = { command: "true", queue: "deploys", after: [hidden] };
  const refused = await on.run(json, bound);
  const unknown = await on.run({ ...json, after: [999_999] }, bound);
  assert.equal(refused.status, 400);
  assert.equal(refused.json.detail, unknown.json.detail.replaceAll("999999", String(hidden)));

  const once = { "idempotency-key": "k" };
  const same = { command: "true", queue: "deploys", labels: { team: "web" } };
  const theirs = await on.ran(same, { ...on.admin, ...once });
  const ours = await on.ran(same, { ...bound, ...once });
  assert.notEqual(ours, theirs);
  assert.equal(await on.ran(same, { ...bound, ...once }), ours);
  const mismatch = await on.run({ ...same, name: "x" }, { ...bound, ...once });
  assert.deepEqual([mismatch.status, mismatch.json.job_id], [422, ours]);
  assert.match(mismatch.json.detail, /^Idempotency-Key k was/);
});

Deno.test("worker slots: no way around the queues, the labels or the commands", async () => {
  await using on = await stage();
  const reserve = async (headers: Record<string, string>): Promise<string> =>
    (await on.service.ask("GET", "/new_job", { headers })).json["worker-id"];
  const queued = on.made.make("queued", { bounds: { queues: ["deploys"] } });
  const labelled = on.made.make("labelled", {
    bounds: { labels: { team: "web" }, commands: { prefixes: [["sleep"]] } },
  });
  const run = async (headers: Record<string, string>, json: unknown, id?: string) => {
    id ??= await reserve(headers);
    const prefer = { prefer: "respond-async" };
    return { id, ...await on.service.ask("POST", `/job/new/${id}`, { headers: { ...headers, ...prefer }, json }) };
  };
  assert.equal((await run(queued, { command: "true" })).json.code, "token_bound");
  const refused = await run(labelled, { command: "sleep 1" });
  assert.equal(refused.json.code, "token_bound");
  const own = await run(labelled, { argv: ["sleep", "600"] }, refused.id);
  assert.deepEqual([own.status, own.json.labels], [202, { team: "web" }]);
  assert.equal((await on.service.ask("GET", `/status/${own.id}`, { headers: labelled })).status, 200);

  const hidden = await run(on.admin, { argv: ["sleep", "600"] });
  const alike = await run(on.admin, { argv: ["cat", "/dev/zero"], labels: { team: "web" }, max_output: 1 });
  for (const headers of [queued, labelled]) {
    for (const [method, path] of [["GET", "/status/"], ["POST", "/modify/"]]) {
      const answer = await on.service.ask(method!, `${path}${hidden.id}${method === "POST" ? "/terminated" : ""}`, {
        headers,
      });
      assert.deepEqual([answer.status, answer.json.code], [400, "worker_unknown"]);
    }
  }
  const listed = async (headers: Record<string, string>) => {
    const { json } = await on.service.ask("GET", "/api/workers", { headers });
    return [own.id, hidden.id].map((id) =>
      json.workers.some((worker: Record<string, unknown>) => worker["worker-id"] === id)
    );
  };
  assert.deepEqual(await listed(on.admin), [true, true]);
  assert.deepEqual(await listed(labelled), [true, false]);
  assert.deepEqual(await listed(queued), [false, false]);
  const touched = await on.service.ask("POST", `/modify/${alike.id}/terminated`, { headers: labelled });
  assert.deepEqual([touched.status, touched.json.code], [403, "token_bound"]);
  assert.equal((await on.service.ask("GET", `/status/${hidden.id}`, { headers: on.admin })).json.status, "running");
  assert.equal(
    (await on.service.ask("POST", `/modify/${own.id}/terminated`, { headers: labelled })).status,
    200,
  );
  for (const { json } of [own, hidden, alike]) await on.service.forget(json.job_id);
});

/** The events up to and with the one of a key that is put when all else is done. */
async function eventsOf(service: TestApp, headers: Record<string, string>, after: number): Promise<unknown[]> {
  const request = new Request("http://localhost/api/events?types=jobs,workers,keys", {
    headers: { host: "localhost", ...headers, "last-event-id": String(after) },
  });
  const remoteAddr: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 };
  const response = await service.app.fetch(request, { remoteAddr });
  assert.equal(response.status, 200);
  const seen = [];
  for await (const { event, data } of sseEvents(response.body!)) {
    const { key, job_id, name, "worker-id": worker } = JSON.parse(data);
    if (event === "key") return seen;
    seen.push(`${event} ${job_id ?? name ?? worker ?? key}`);
  }
  throw new Error("The stream ended.");
}

Deno.test("events are those of jobs and queues within the bounds, live and when caught up with", async () => {
  await using on = await stage();
  const bound = on.made.make("bound", { bounds: { queues: ["deploys"] } });
  const labelled = on.made.make("labelled", { bounds: { labels: { team: "web" } } });
  const start = Number(
    (await on.service.ask("PUT", "/start", { headers: on.admin, body: "" })).headers.get("etag")!.replaceAll('"', ""),
  );
  const ids = [];
  for (const job of [...HIDDEN, { command: "true", queue: "deploys", labels: { team: "web" } }]) {
    ids.push(await on.ran(job));
  }
  await on.service.ask("PUT", "/api/queues/deploys", { headers: on.admin, json: { slots: 7 } });
  await on.service.ask("PUT", "/api/queues/others", { headers: on.admin, json: { slots: 7 } });
  await on.service.forget(ids[0]!);
  await on.service.ask("PUT", "/end", { headers: on.admin, body: "" });
  const about = async (headers: Record<string, string>) =>
    [...new Set(await eventsOf(on.service, headers, start))].sort();
  assert.deepEqual(await about(bound), [`job ${ids[1]}`, `job ${ids[2]}`, `job ${ids[4]}`, "queue deploys"]);
  assert.deepEqual(await about(labelled), [`job ${ids[0]}`, `job ${ids[4]}`]);
  assert.ok((await about(on.admin)).includes(`job_removed ${ids[0]}`));
});

Deno.test("GET /api/session says what a token is bound to", async () => {
  await using on = await stage();
  const { json } = await on.service.ask("GET", "/api/session", { headers: on.made.make("bound", { bounds: BOUNDS }) });
  assert.deepEqual(json.bound_to, BOUNDS);
  const { json: free } = await on.service.ask("GET", "/api/session", { headers: on.admin });
  assert.equal(free.bound_to, undefined);
});
