import assert from "node:assert/strict";
import type { Job } from "../../../ui/api/schema.ts";
import { curlOf, requestOf, shellQuoted } from "../../../ui/logic/curl.ts";
import { heldAfter } from "../../../ui/logic/held.ts";
import { labelsOf, patchOf, specOf } from "../../../ui/logic/job_form.ts";
import { recentCommands, rememberCommand } from "../../../ui/logic/recent.ts";
import { allows } from "../../../ui/logic/scopes.ts";
import { timelineOf } from "../../../ui/logic/timeline.ts";
import { secondsLeft } from "../../../ui/logic/transfer.ts";
import { usagePoints } from "../../../ui/logic/usage.ts";

const JOB = {
  job_id: 45,
  command: "echo it's",
  argv: null,
  name: null,
  labels: {},
  cwd: null,
  env: {},
  secret_env: {},
  timeout: null,
  max_output: null,
  grace: 5,
  priority: 0,
  queue: "default",
  start_at: null,
  after: [],
  if: null,
  retries: 0,
  retry_delay: null,
  backoff: null,
  max_retry_delay: null,
  created: "2026-01-01T00:00:00.000Z",
  started: "2026-01-01T00:00:01.000Z",
  ended: null,
  done: false,
  state: "running",
  paused: 0,
  attempts: [],
  attempt: 1,
  waiting_for: [],
  waiting_until: null,
} as unknown as Job;
const form = (fields: Record<string, string>) => (name: string) => fields[name] ?? "";

Deno.test("the curl line of a job asks for the same, and a shell takes it as it is", async () => {
  assert.deepEqual(requestOf(JOB), { command: "echo it's" });
  const confined = { limits: { open_files: 64 }, sandbox: { network: false, write: [] } };
  assert.deepEqual(requestOf({ ...JOB, ...confined } as unknown as Job), { command: "echo it's", ...confined });
  const job = { ...JOB, name: "Ночь $HOME `x`", labels: { a: "b" }, after: [3], if: "done", queue: "q" } as Job;
  const line = curlOf(job, "http://127.0.0.1:8080", true);
  assert.match(line, /Authorization: Bearer \$STINT_TOKEN/);
  const script = line.replace(/^curl /, "printf '%s\\n' ");
  const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", script], env: { STINT_TOKEN: "t" } }).output();
  const words = new TextDecoder().decode(stdout).trimEnd().split("\n");
  assert.deepEqual(words.slice(0, -1), [
    "http://127.0.0.1:8080/api/jobs",
    "-H",
    "Content-Type: application/json",
    "-H",
    "Authorization: Bearer t",
    "-d",
  ]);
  assert.deepEqual(JSON.parse(words.at(-1)!), {
    command: "echo it's",
    name: "Ночь $HOME `x`",
    labels: { a: "b" },
    queue: "q",
    after: [3],
    if: "done",
  });
  assert.equal(shellQuoted("a'b"), `'a'\\''b'`);
});

Deno.test("a form asks for what it holds and nothing else", () => {
  const fields = form({ command: "ls", labels: "team:ops, url:http://x", priority: "3", after: "1, 2 3" });
  assert.deepEqual(specOf(fields), {
    command: "ls",
    labels: { team: "ops", url: "http://x" },
    priority: 3,
    after: [1, 2, 3],
  });
  assert.throws(() => labelsOf("team"), /name:value/);
});

Deno.test("editing sends what is different, and takes away what was emptied", () => {
  const job = { ...JOB, name: "old", timeout: 5, labels: { a: "b" } } as Job;
  const same = { command: "echo it's", name: "old", timeout: "5", labels: "a:b", queue: "default", priority: "0" };
  assert.deepEqual(patchOf(job, form(same)), {});
  assert.deepEqual(patchOf(job, form({ ...same, name: "", timeout: "", labels: "", command: "ls" })), {
    command: "ls",
    name: null,
    timeout: null,
    labels: {},
  });
  assert.deepEqual(patchOf({ ...job, argv: ["a"] } as Job, form({ ...same, command: "" })), {});
});

Deno.test("commands are remembered newest first, each once, and not without end", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  for (let i = 0; i < 30; i++) rememberCommand(`c${i}`, storage);
  rememberCommand("c20", storage);
  assert.deepEqual(recentCommands(storage).slice(0, 3), ["c20", "c29", "c28"]);
  assert.equal(recentCommands(storage).length, 20);
  kept.set("stint.recent", "not json");
  assert.deepEqual(recentCommands(storage), []);
});

Deno.test("who may write may read, and admin everything", () => {
  assert.ok(allows(["jobs:write"], "jobs:read"));
  assert.ok(!allows(["jobs:read"], "jobs:write"));
  assert.ok(!allows(["keys:write"], "jobs:read"));
  assert.ok(allows(["admin"], "files:write"));
});

Deno.test("a timeline says what happened, attempts and pauses included", () => {
  const job = {
    ...JOB,
    state: "failed",
    done: true,
    ended: "2026-01-01T00:01:00.000Z",
    paused: 2.04,
    attempt: 2,
    attempts: [{ started: "2026-01-01T00:00:00.500Z", ended: "2026-01-01T00:00:00.700Z", state: "failed" }],
  } as unknown as Job;
  assert.deepEqual(timelineOf(job).map(({ what }) => what), [
    "created",
    "attempt 1 began",
    "attempt 1 failed",
    "attempt 2 started",
    "paused for 2 s in all",
    "failed",
  ]);
  const waiting = { ...JOB, state: "queued", started: null, waiting_for: [3, 4] } as Job;
  assert.deepEqual(timelineOf(waiting).map(({ what }) => what), ["created", "waits for job 3, job 4"]);
});

Deno.test("what a job takes is the difference between two looks", () => {
  const points = usagePoints([
    { at: 0, cpu: 0, memory: null },
    { at: 2000, cpu: 1, memory: 10 },
    { at: 2500, cpu: 1, memory: 10 },
    { at: 4000, cpu: 5, memory: 20 },
  ]);
  assert.deepEqual(points, { times: [0, 2, 4], cpu: [null, 50, 200], memory: [null, 10, 20] });
  assert.deepEqual(usagePoints([{ at: 0, cpu: null, memory: null }]).cpu, [null]);
});

Deno.test("the time left of a transfer is said where it can be", () => {
  assert.equal(secondsLeft(25, 100, 5), 15);
  assert.equal(secondsLeft(200, 100, 5), 0);
  assert.deepEqual([secondsLeft(1, null, 5), secondsLeft(1, 2, null), secondsLeft(1, 2, 0)], [null, null, null]);
});

Deno.test("held requests come, keep their whole length, and go", () => {
  const event = (type: string, data: unknown) => ({ type, data: JSON.stringify(data) });
  let held = heldAfter(new Map(), [event("requests", { 8: "10" })], 1000);
  assert.deepEqual(held.get(8), { connId: 8, until: 11_000, seconds: 10 });
  held = heldAfter(held, [event("request", { connId: 19, state: "held", timeout: 80 })], 2000);
  held = heldAfter(held, [event("requests", { 8: "6", 19: "77" })], 5000);
  assert.deepEqual([held.get(8)!.seconds, held.get(19)!.seconds], [10, 80]);
  held = heldAfter(held, [event("request", { connId: 8, state: "killed" }), event("job", {})], 6000);
  assert.deepEqual([...held.keys()], [19]);
});
