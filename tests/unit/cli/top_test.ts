import assert from "node:assert/strict";
import type { JobSummary } from "../../../cli/jobs/types.ts";
import { noPaint } from "../../../cli/terminal/colour.ts";
import { widthOf } from "../../../cli/terminal/width.ts";
import { FIRST_STATE, pressed, type TopState, withJobs } from "../../../cli/top/state.ts";
import { topLines } from "../../../cli/top/view.ts";

const NOW = Date.parse("2026-08-20T12:00:00Z");

function job(job_id: number, state: JobSummary["state"] = "running"): JobSummary {
  const time = "2026-08-20T11:59:00Z";
  const done = !["queued", "running", "paused"].includes(state);
  return {
    job_id,
    command: `echo ${job_id} `.repeat(20),
    name: null,
    labels: {},
    created: time,
    state,
    done,
    stopping: false,
    priority: 0,
    worker_id: null,
    queue: "default",
    waiting_until: null,
    waiting_for: [],
    attempt: 1,
    rerun_of: null,
    started: time,
    ended: null,
    duration: null,
    exit_code: null,
    signal: null,
    error: null,
    url: "",
    status_url: "",
    result_url: null,
  };
}

const jobs = (...ids: number[]) => ids.map((id) => job(id));
const after = (state: TopState, ...keys: string[]) => keys.reduce((now, key) => pressed(now, key, 3)[0], state);

Deno.test("the bar moves within the list, and stays on its job when rows move", () => {
  const state = withJobs(FIRST_STATE, jobs(9, 8, 7, 6, 5));
  assert.equal(state.selected, 9);
  assert.deepEqual(
    [["j"], ["j", "j", "k"], ["k"], ["G"], ["page down"], ["G", "g"]].map((keys) => after(state, ...keys).selected),
    [8, 8, 9, 5, 6, 9],
  );
  const second = after(state, "j");
  assert.equal(withJobs(second, jobs(11, 10, 9, 8, 7)).selected, 8);
  assert.equal(withJobs(second, jobs(9, 7, 6)).selected, 7, "its job went: the one that took its row");
  assert.equal(withJobs(second, []).selected, undefined);
});

Deno.test("p pauses what runs and resumes what is paused; neither what has ended", () => {
  const deed = (state: JobSummary["state"]) => pressed(withJobs(FIRST_STATE, [job(1, state)]), "p", 3)[1];
  assert.deepEqual(deed("running"), { do: "state", id: 1, state: "paused" });
  assert.deepEqual(deed("paused"), { do: "state", id: 1, state: "running" });
  assert.equal(deed("failed"), undefined);
});

Deno.test("x asks first, and only y ends the job", () => {
  const state = after(withJobs(FIRST_STATE, jobs(2, 1)), "x");
  assert.equal(state.asking, 2);
  const [next, deed] = pressed(state, "y", 3);
  assert.deepEqual([next.asking, deed], [undefined, { do: "state", id: 2, state: "terminated" }]);
  for (const key of ["q", "n", "enter", "x"]) {
    assert.deepEqual([pressed(state, key, 3)[0].asking, pressed(state, key, 3)[1]], [undefined, undefined], key);
  }
});

Deno.test("q quits, enter opens, a reads again with ended jobs", () => {
  const state = withJobs(FIRST_STATE, jobs(2, 1));
  assert.deepEqual(["q", "ctrl-c", "enter", "a", "z"].map((key) => pressed(state, key, 3)[1]?.do), [
    "quit",
    "quit",
    "open",
    "read",
    undefined,
  ]);
  assert.equal(after(state, "a").withEnded, true);
});

Deno.test("the screen has as many lines as the terminal, each fits, and the bar is among them", () => {
  const many = withJobs(FIRST_STATE, jobs(...Array.from({ length: 50 }, (_, i) => 50 - i)));
  for (const [columns, rows] of [[80, 24], [60, 6], [20, 5]] as const) {
    for (const keys of [[], ["j", "j"], ["G"], ["G", "k"]]) {
      const state = after(many, ...keys);
      const lines = topLines(state, { columns, rows, paint: noPaint, now: NOW, title: "t", figures: "f" });
      assert.equal(lines.length, rows);
      assert.ok(lines.some((line) => line.startsWith(`${state.selected} `)), `${columns} ${keys}`);
      assert.ok(lines.every((line) => widthOf(line) <= columns), lines.join("\n"));
    }
  }
});
