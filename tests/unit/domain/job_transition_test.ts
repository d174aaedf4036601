import assert from "node:assert/strict";
import { Problem } from "../../../lib/domain/errors.ts";
import {
  attemptOf,
  type Ended,
  isEnded,
  type Job,
  JOB_STATES,
  type JobState,
  waitsOf,
} from "../../../lib/domain/job.ts";
import { JOB_TRANSITIONS, type JobEvent, transition } from "../../../lib/domain/job_transition.ts";
import { someEnd } from "../../helpers/some_end.ts";

const facts = { id: 7, spec: { command: "true", grace: 5, priority: 0 }, created: 1000, cookie: "c" };
const run = { started: 2000, pausedMs: 0 };
const end = someEnd();
const queued: Job = { ...facts, state: "queued" };
const running: Job = { ...facts, state: "running", run };
const stopping: Job = { ...facts, state: "running", run: { ...run, stop: { reason: "terminated", at: 3000 } } };
const paused: Job = { ...facts, state: "paused", since: 3000, run };
const held: Job = { ...facts, state: "paused", since: 3000 };
const waiting: Job = { ...queued, waits: { until: 9000, for: [3, 4] } };
const again: Job = {
  ...facts,
  spec: { ...facts.spec, retries: 2 },
  attempts: [{ ...end, state: "failed", exitCode: 1, started: 1500, ended: 1800, pausedMs: 0, stdoutBytes: 10 }],
  state: "queued",
};
const ended = (state: Ended["state"]): Job => ({ ...facts, ...end, state, run, resultDeleted: false });

const EVENTS: JobEvent[] = [
  { type: "start" },
  { type: "unstart" },
  { type: "pause" },
  { type: "resume" },
  { type: "stop", reason: "terminated" },
  { type: "end", end },
  { type: "retry", end: { ...end, state: "failed", exitCode: 1 }, until: 7000 },
  { type: "release", time: true, dependency: 3 },
  { type: "cancel", reason: "because" },
  { type: "edit", spec: { ...facts.spec, command: "false" } },
];

/** What each event makes of each kind of job; null: it is refused. In the order of EVENTS. */
const TABLE: [string, Job, (JobState | null)[]][] = [
  ["queued", queued, ["running", null, "paused", null, "terminated", null, null, null, "terminated", "queued"]],
  ["waiting", waiting, [null, null, "paused", null, "terminated", null, null, "queued", "terminated", "queued"]],
  ["to be tried again", again, ["running", null, "paused", null, "terminated", null, null, null, "terminated", null]],
  ["running", running, [null, "queued", "paused", null, "running", "succeeded", null, null, null, null]],
  [
    "running and may be tried again",
    { ...running, spec: again.spec },
    [null, "queued", "paused", null, "running", "succeeded", "queued", null, null, null],
  ],
  [
    "running for the last time",
    { ...running, spec: { ...again.spec, retries: 1 }, attempts: again.attempts },
    [null, "queued", "paused", null, "running", "succeeded", null, null, null, null],
  ],
  ["being terminated", stopping, [null, null, null, null, null, "succeeded", null, null, null, null]],
  ["paused", paused, [null, "paused", null, "running", "running", "succeeded", null, null, null, null]],
  [
    "paused and may be tried again",
    { ...paused, spec: again.spec },
    [null, "paused", null, "running", "running", "succeeded", "queued", null, null, null],
  ],
  ["held in the queue", held, [null, null, null, "queued", "terminated", null, null, null, "terminated", "paused"]],
  ...(["succeeded", "failed", "terminated", "timed_out", "lost"] as const).map((state): typeof TABLE[number] => [
    state.replace("_", " "),
    ended(state),
    EVENTS.map(() => null),
  ]),
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

Deno.test("what a job waits for stays while it is held, and goes bit by bit", () => {
  const held = transition(waiting, { type: "pause" }, 5000);
  assert.deepEqual(waitsOf(transition(held, { type: "resume" }, 5000)), { until: 9000, for: [3, 4] });
  const later = transition(held, { type: "release", time: true }, 5000);
  assert.deepEqual([later.state, waitsOf(later)], ["paused", { for: [3, 4] }]);
  const one = transition(later, { type: "release", dependency: 4 }, 5000);
  assert.deepEqual(waitsOf(one), { for: [3] });
  assert.throws(() => transition(one, { type: "release", dependency: 4 }, 5000), Problem);
  assert.throws(() => transition(one, { type: "release", time: true }, 5000), Problem);
  assert.equal("waits" in transition(one, { type: "release", dependency: 3 }, 5000), false);
});

Deno.test("an attempt that is over is kept with how it ended, and the job waits for the next one", () => {
  const first = { ...running, spec: again.spec };
  const event: JobEvent = { type: "retry", end: { ...end, state: "timed_out", stdoutBytes: 12 }, until: 12_000 };
  const next = transition(first, event, 9000);
  assert.deepEqual(waitsOf(next), { until: 12_000 });
  assert.equal(attemptOf(next), 2);
  const { state, started, ended, pausedMs, stdoutBytes } = next.attempts![0]!;
  assert.deepEqual([state, started, ended, pausedMs, stdoutBytes], ["timed_out", 2000, 9000, 0, 12]);
  const second = transition({ ...paused, spec: again.spec, attempts: next.attempts }, event, 9000);
  assert.deepEqual(second.attempts?.map(({ pausedMs }) => pausedMs), [0, 6000]);
});

Deno.test("a job that succeeded, was terminated, or runs in a worker slot is not tried again", () => {
  const job = { ...running, spec: again.spec };
  for (const state of ["succeeded", "terminated"] as const) {
    assert.throws(() => transition(job, { type: "retry", end: { ...end, state }, until: 0 }, 9000), Problem);
  }
  const event: JobEvent = { type: "retry", end: { ...end, state: "failed" }, until: 0 };
  assert.throws(() => transition({ ...job, workerId: "w" }, event, 9000), Problem);
});

Deno.test("a job cancelled between two attempts says so, and keeps what it has printed", () => {
  const next = transition(again, { type: "stop", reason: "terminated" }, 5000);
  assert.ok(isEnded(next));
  assert.deepEqual([next.error, next.stdoutBytes], ["Cancelled while it waited for attempt 2.", 10]);
  assert.throws(
    () => transition(again, { type: "edit", spec: again.spec }, 5000),
    /Cannot edit job 7: it is queued for attempt 2\./,
  );
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
