import assert from "node:assert/strict";
import { Problem } from "../../../lib/domain/errors.ts";
import { type Ended, FINAL_JOB_STATES, type Job, JOB_STATES } from "../../../lib/domain/job.ts";
import { JOB_TRANSITIONS, type JobEvent, transition } from "../../../lib/domain/job_transition.ts";
import { someEnd } from "../../helpers/some_end.ts";

const facts = { id: 7, spec: { command: "true", grace: 5, priority: 0 }, created: 1000, cookie: "c" };
const run = { started: 2000, pausedMs: 0 };
const stop = { reason: "terminated", at: 3000 } as const;
const endIn = (state: Ended["state"]) => someEnd({ state });

/** A job of every kind that there is: a state, with what may or may not come with it. */
const JOBS: Job[] = [
  { ...facts, state: "queued" },
  { ...facts, state: "queued", waits: { until: 9000, for: [3] } },
  { ...facts, state: "running", run },
  { ...facts, state: "running", run: { ...run, stop } },
  { ...facts, state: "paused", since: 3000 },
  { ...facts, state: "paused", since: 3000, waits: { for: [3] } },
  { ...facts, state: "paused", since: 3000, run },
  ...FINAL_JOB_STATES.map((state): Job => ({ ...facts, ...endIn(state), run, resultDeleted: false })),
];

/** Every event, with every end that the state's own jobs can come to. */
function eventsFor(job: Job): JobEvent[] {
  const ends = FINAL_JOB_STATES.filter((state) => {
    // Only a wish to stop makes it one of these, and a job with such a wish is running.
    return !["terminated", "timed_out"].includes(state) || ("run" in job && job.run?.stop);
  });
  return [
    { type: "start" },
    { type: "unstart" },
    { type: "pause" },
    { type: "resume" },
    { type: "stop", reason: "terminated" },
    { type: "stop", reason: "timed_out" },
    { type: "retry", end: endIn("failed"), until: 9000 },
    { type: "release", time: true },
    { type: "release", dependency: 3 },
    { type: "cancel", reason: "It can never start." },
    { type: "edit", spec: { ...facts.spec, command: "false" } },
    ...ends.map((state): JobEvent => ({ type: "end", end: endIn(state) })),
  ];
}

Deno.test("every event leads along the table's edges or is refused, and every edge is walked by some event", () => {
  const walked = new Set<string>();
  for (const job of JOBS) {
    for (const event of eventsFor(job)) {
      try {
        const next = transition(job, event, 5000);
        if (next.state !== job.state) walked.add(`${job.state} -> ${next.state}`);
      } catch (error) {
        assert.ok(error instanceof Problem && error.code === "invalid_transition", String(error));
      }
    }
  }
  const table = JOB_STATES.flatMap((from) => JOB_TRANSITIONS[from].map((to) => `${from} -> ${to}`));
  assert.deepEqual([...walked].sort(), table.toSorted());
});

Deno.test("no event leads from any state to one that the table does not name", () => {
  const forbidden = JOB_STATES.flatMap((from) =>
    JOB_STATES.filter((to) => to !== from && !JOB_TRANSITIONS[from].includes(to)).map((to) => ({ from, to }))
  );
  assert.ok(forbidden.length > 30);
  for (const { from, to } of forbidden) {
    for (const job of JOBS.filter(({ state }) => state === from)) {
      const impossible = FINAL_JOB_STATES.map((state): JobEvent => ({ type: "end", end: endIn(state) }));
      for (const event of [...eventsFor(job), ...impossible]) {
        let state: string | undefined;
        try {
          state = transition(job, event, 5000).state;
        } catch (error) {
          assert.ok(error instanceof Problem && error.code === "invalid_transition", String(error));
        }
        assert.notEqual(state, to, `${event.type} made a job that is ${from} ${to}`);
      }
    }
  }
});
