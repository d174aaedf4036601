import assert from "node:assert/strict";
import { Problem } from "../../../lib/domain/errors.ts";
import { type Ended, isEnded, type Job, JOB_STATES, type JobState } from "../../../lib/domain/job.ts";
import { JOB_TRANSITIONS, type JobEvent, transition } from "../../../lib/domain/job_transition.ts";

const facts = { id: 7, spec: { command: "true", grace: 5, priority: 0 }, created: 1000, cookie: "c" };
const run = { started: 2000, pausedMs: 0 };
const end: Omit<Ended, "run" | "resultDeleted"> = {
  state: "succeeded",
  ended: 9000,
  exitCode: 0,
  signal: null,
  error: null,
  survivors: [],
  cpu: null,
  stdoutBytes: 0,
  stderrBytes: 0,
};
const queued: Job = { ...facts, state: "queued" };
const running: Job = { ...facts, state: "running", run };
const stopping: Job = { ...facts, state: "running", run: { ...run, stop: { reason: "terminated", at: 3000 } } };
const paused: Job = { ...facts, state: "paused", since: 3000, run };
const held: Job = { ...facts, state: "paused", since: 3000 };
const ended = (state: Ended["state"]): Job => ({ ...facts, ...end, state, run, resultDeleted: false });

const EVENTS: JobEvent[] = [
  { type: "start" },
  { type: "unstart" },
  { type: "pause" },
  { type: "resume" },
  { type: "stop", reason: "terminated" },
  { type: "end", end },
];

/** What each event makes of each kind of job; null: it is refused. In the order of EVENTS. */
const TABLE: [string, Job, (JobState | null)[]][] = [
  ["queued", queued, ["running", null, "paused", null, "terminated", null]],
  ["running", running, [null, "queued", "paused", null, "running", "succeeded"]],
  ["being terminated", stopping, [null, null, null, null, null, "succeeded"]],
  ["paused", paused, [null, "paused", null, "running", "running", "succeeded"]],
  ["held in the queue", held, [null, null, null, "queued", "terminated", null]],
  ["succeeded", ended("succeeded"), [null, null, null, null, null, null]],
  ["failed", ended("failed"), [null, null, null, null, null, null]],
  ["terminated", ended("terminated"), [null, null, null, null, null, null]],
  ["timed out", ended("timed_out"), [null, null, null, null, null, null]],
  ["lost", ended("lost"), [null, null, null, null, null, null]],
];

for (const [name, job, results] of TABLE) {
  Deno.test(`a job that is ${name} takes only the events of its state`, () => {
    EVENTS.forEach((event, i) => {
      const expected = results[i];
      if (expected === null) {
        assert.throws(() => transition(job, event, 5000), (error) => {
          assert.ok(error instanceof Problem);
          assert.equal(error.code, "invalid_transition");
          assert.match(error.message, /^Cannot \w+( \w+)? job 7: it is /);
          return true;
        }, `${event.type} should be refused`);
      } else {
        assert.equal(transition(job, event, 5000).state, expected, event.type);
      }
    });
  });
}

Deno.test("time spent paused is added up when the job goes on, is stopped, or ends", () => {
  for (const event of [{ type: "resume" }, { type: "stop", reason: "timed_out" }, { type: "end", end }] as JobEvent[]) {
    const next = transition(paused, event, 5000);
    assert.equal("run" in next && next.run?.pausedMs, 2000, event.type);
  }
});

Deno.test("stopping keeps the first reason and its time", () => {
  const next = transition(running, { type: "stop", reason: "timed_out" }, 5000);
  assert.deepEqual("run" in next && next.run?.stop, { reason: "timed_out", at: 5000 });
});

Deno.test("a job cancelled in the queue ends at once and never ran", () => {
  const next = transition(held, { type: "stop", reason: "terminated" }, 5000);
  assert.ok(isEnded(next));
  assert.equal(next.run, undefined);
  assert.equal(next.exitCode, null);
  assert.equal(next.ended, 5000);
});

Deno.test("the diagram in docs/architecture.md shows exactly the transitions of the code", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/architecture.md", import.meta.url));
  const drawn = [...text.matchAll(/^\s*(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} -> ${to}`).sort();
  const coded = JOB_STATES.flatMap((from) => JOB_TRANSITIONS[from].map((to) => `${from} -> ${to}`)).sort();
  assert.deepEqual(drawn, coded);
});

Deno.test("a job that is ended for writing too much is marked so, with the words for people, before it is ended", () => {
  const stopped = transition(running, { type: "stop", reason: "output_limit", error: "too much" }, 5000);
  assert.deepEqual(stopped, {
    ...running,
    run: { ...run, stop: { reason: "output_limit", at: 5000, error: "too much" } },
  });
  assert.throws(() => transition(stopped, { type: "stop", reason: "terminated" }, 6000), Problem);
});
