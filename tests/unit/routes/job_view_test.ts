import assert from "node:assert/strict";
import type { EndedJob, Job } from "../../../lib/domain/job.ts";
import { JobSchema } from "../../../openapi/job_schemas.ts";
import { ResultSchema } from "../../../openapi/results.ts";
import { StatusSchema } from "../../../openapi/statuses.ts";
import { jobView, resultView, statusView } from "../../../routes/views/job_view.ts";

const created = Date.UTC(2016, 7, 19, 15, 31, 42, 201);
const facts = {
  id: 45,
  spec: { argv: ["echo", "два слова"], stdin: "ё", grace: 5, priority: 0 },
  created,
  cookie: "c",
};
const resources = { cpu: 0.5, memory: null, memoryPeak: null, diskRead: 0, diskWritten: 4096, input: 3, output: 7 };

const ended: EndedJob = {
  ...facts,
  state: "failed",
  run: { started: created + 100, pausedMs: 250 },
  ended: created + 434.5,
  exitCode: 1,
  signal: null,
  error: null,
  survivors: [],
  cpu: null,
  stdoutBytes: 0,
  stderrBytes: 4,
  resultDeleted: false,
};

Deno.test("a job's times are RFC 3339 with milliseconds, its durations seconds", () => {
  const view = jobView(ended, created, resources);
  JobSchema.parse(view);
  assert.equal(view.created, "2016-08-19T15:31:42.201Z");
  assert.equal(view.duration, 0.3345);
  assert.equal(view.paused, 0.25);
  assert.equal(view.command, "echo 'два слова'");
  assert.equal(view.stdin_bytes, 2);
});

Deno.test("a pause that lasts counts up to now", () => {
  const job: Job = { ...facts, state: "paused", since: created + 1000, run: { started: created, pausedMs: 500 } };
  assert.equal(jobView(job, created + 3000, resources).paused, 2.5);
});

Deno.test("a job that is being ended says so until it has ended", () => {
  const run = { started: created, pausedMs: 0, stop: { reason: "terminated" as const, at: created } };
  const running: Job = { ...facts, state: "running", run };
  assert.equal(StatusSchema.parse(statusView(running)).stopping, true);
  assert.equal(statusView({ ...ended, run }).stopping, false);
});

Deno.test("a result is shown with the document's spelling and the right one", () => {
  const output = { text: "", truncated: false };
  const view = ResultSchema.parse(resultView({ job: ended, resources, stdout: output, stderr: output }));
  assert.equal(view.competed, view.completed);
});

Deno.test("a deleted result is no longer pointed to", () => {
  assert.equal(statusView(ended).result_url, "/api/results/45");
  assert.equal(statusView({ ...ended, resultDeleted: true }).result_url, null);
});
