/** How a job comes to each seam of its life, and where it has to be found after the server died there. */

import assert from "node:assert/strict";
import { CHANGE_STEPS, type Seam } from "../../../../lib/services/ports/faults.ts";
import { eventually } from "../../../helpers/eventually.ts";
import { untilStopped } from "../../../helpers/left_behind.ts";
import { shell } from "../../../helpers/shell.ts";
import type { Stage } from "./stage.ts";

export type ChangeStep = typeof CHANGE_STEPS[number];

export interface Walk {
  /** Where an earlier server dies; then the seam is one of the next server's start. */
  after?: Seam;
  /** Those that the change has; default all. */
  steps?: readonly ChangeStep[];
  /** Whether there is no job when the server dies at this step. */
  makesNothing?(step?: ChangeStep): boolean;
  /** Brings the job to the seam; the server may be gone at any moment. */
  go(stage: Stage): Promise<unknown>;
  /** On the next server. `step` is not there where the seam is no change. */
  rests(stage: Stage, step?: ChangeStep): Promise<unknown>;
}

const byItself: Walk = {
  async go(stage) {
    await stage.letGo();
    await stage.submit();
  },
  rests: (stage) => stage.endsByItself(),
};

const terminated: Walk = {
  async go(stage) {
    await stage.submit();
    await stage.begun();
    await stage.control("terminated");
  },
  async rests(stage) {
    await stage.ends("terminated");
    await stage.leavesNothing();
  },
};

const paused: Walk = {
  async go(stage) {
    await stage.submit();
    await stage.begun();
    await stage.control("paused");
  },
  async rests(stage, step) {
    if (step !== "decided") {
      assert.equal((await stage.job()).state, "paused");
      await untilStopped((await stage.begun()).pid);
      await stage.control("running");
    }
    assert.equal((await stage.job()).state, "running");
    await stage.endsByItself();
  },
};

/** Somebody else lets a paused command go on, and it ends before the server knows. */
function endsWhilePaused(code: number): Walk {
  return {
    async go(stage) {
      await stage.submit({}, code);
      const { pid } = await stage.begun();
      await stage.control("paused");
      await stage.letGo();
      await shell(`kill -s CONT -- -${pid}`);
    },
    rests: (stage) => stage.endsByItself(code),
  };
}

function vanishes(isPaused: boolean): Walk {
  return {
    async go(stage) {
      await stage.submit();
      const { pid, keeper } = await stage.begun();
      if (isPaused) await stage.control("paused");
      await shell(`kill -s KILL ${keeper}; kill -s KILL -- -${pid}`);
    },
    rests: (stage) => stage.ends("lost"),
  };
}

const removed: Walk = {
  // What follows is done to files, and has a seam of its own.
  steps: ["decided", "committed"],
  async go(stage) {
    await byItself.go(stage);
    await eventually("it has ended or the server has", async () => {
      const status = await stage.ask("GET", `/api/results/${stage.id}`);
      return status === 200 || status === undefined;
    }, 60_000);
    await stage.ask("DELETE", `/api/jobs/${stage.id}`);
  },
  rests: (stage, step) => step === "decided" ? stage.endsByItself() : stage.isGone(),
};

const hidden: Walk = {
  steps: ["decided", "committed"],
  async go(stage) {
    await byItself.go(stage);
    await eventually("it has ended", async () => await stage.ask("GET", `/api/results/${stage.id}`) === 200, 60_000);
    await stage.ask("DELETE", `/api/results/${stage.id}`);
  },
  async rests(stage, step) {
    if (step === "decided") return await stage.endsByItself();
    assert.equal(await stage.ask("GET", `/api/results/${stage.id}`), 410);
    await stage.hasNoFiles();
    const found = await stage.service.call("GET", `/api/jobs?output=text-of-${stage.id}`);
    assert.deepEqual(found.json(), { jobs: [] }, "what was deleted is not found");
  },
};

/** Changes of jobs for which a slot is free, by `from>to`. */
export const CHANGES: Record<string, Walk> = {
  "new>running": {
    steps: ["decided", "committed"],
    makesNothing: (step) => step === "decided",
    go: (stage) => stage.submit(),
    async rests(stage, step) {
      if (step === "committed") return await stage.endsByItself();
      assert.equal(await stage.ask("GET", `/api/jobs/${stage.id}`), 404);
      assert.equal(await stage.diary(), "");
    },
  },
  "queued>running": {
    after: "new>running committed",
    go: (stage) => stage.submit(),
    rests: (stage) => stage.endsByItself(),
  },
  "running>queued": { after: "new>running committed", go: (stage) => stage.submit(), rests: byItself.rests },
  "running>succeeded": byItself,
  "running>failed": {
    async go(stage) {
      await stage.letGo();
      await stage.submit({}, 3);
    },
    rests: (stage) => stage.endsByItself(3),
  },
  "running>terminated": terminated,
  "running>running": {
    go: terminated.go,
    async rests(stage, step) {
      if (step !== "decided") return await terminated.rests(stage);
      assert.equal((await stage.job()).stopping, false);
      await stage.endsByItself();
    },
  },
  "running>timed_out": {
    go: (stage) => stage.submit({ timeout: 0.3 }),
    async rests(stage) {
      await stage.ends("timed_out");
      await stage.leavesNothing();
    },
  },
  "running>lost": vanishes(false),
  "running>paused": paused,
  "paused>running": {
    async go(stage) {
      await paused.go(stage);
      await stage.control("running");
    },
    async rests(stage, step) {
      assert.equal((await stage.job()).state, step === "decided" ? "paused" : "running");
      if (step === "decided") await stage.control("running");
      await stage.endsByItself();
    },
  },
  "paused>succeeded": endsWhilePaused(0),
  "paused>failed": endsWhilePaused(4),
  "paused>lost": vanishes(true),
  "succeeded>removed": removed,
  "succeeded>succeeded": hidden,
};

const cancelled: Walk = {
  async go(stage) {
    await stage.submit();
    await stage.control("terminated");
  },
  async rests(stage, step) {
    if (step !== "decided") return void await stage.ends("terminated", 0);
    assert.equal((await stage.job()).state, "queued");
    await stage.control("terminated");
  },
};

/** Changes of jobs that have to wait for a slot. */
export const CHANGES_IN_QUEUE: Record<string, Walk> = {
  "new>queued": {
    steps: ["decided", "committed"],
    makesNothing: (step) => step === "decided",
    go: (stage) => stage.submit(),
    async rests(stage, step) {
      if (step === "decided") return assert.equal(await stage.ask("GET", `/api/jobs/${stage.id}`), 404);
      assert.equal((await stage.job()).state, "queued");
      await stage.control("terminated");
      await stage.ends("terminated", 0);
    },
  },
  "queued>paused": {
    async go(stage) {
      await stage.submit();
      await stage.control("paused");
    },
    async rests(stage, step) {
      assert.equal((await stage.job()).state, step === "decided" ? "queued" : "paused");
      await stage.control("terminated");
      await stage.ends("terminated", 0);
    },
  },
  "paused>queued": {
    async go(stage) {
      await stage.submit();
      await stage.control("paused");
      await stage.control("running");
    },
    async rests(stage, step) {
      assert.equal((await stage.job()).state, step === "decided" ? "paused" : "queued");
      await stage.control("terminated");
      await stage.ends("terminated", 0);
    },
  },
  "queued>terminated": cancelled,
  "paused>terminated": {
    async go(stage) {
      await stage.submit();
      await stage.control("paused");
      await stage.control("terminated");
    },
    async rests(stage, step) {
      if (step !== "decided") return void await stage.ends("terminated", 0);
      assert.equal((await stage.job()).state, "paused");
      await stage.control("terminated");
    },
  },
};

/** It fails at first, and succeeds at its second attempt, which is one more and no more wherever the server dies. */
const triedAgain: Walk = {
  async go(stage) {
    await stage.letGo();
    await stage.submit({ retries: 3, retry_delay: 0 }, "$(( $(grep -c begun DIARY) < 2 ))");
  },
  async rests(stage) {
    const { exit_code, stdout } = await stage.ends("succeeded", 2);
    const text = `text-of-${stage.id}\n`;
    assert.deepEqual([exit_code, stdout], [0, text + text]);
    assert.match(await stage.diary(), /^(begun \d+ \d+\nended\n){2}$/);
    const { attempt, attempts } = await stage.job();
    assert.deepEqual([attempt, attempts?.map(({ exit_code }) => exit_code)], [2, [1]]);
  },
};

/** What is done outside the store, and what a change of one job has to do with the next. */
export const RUNS: [seam: Seam, what: string, walk: Walk][] = [
  ["files made", "a job starts", byItself],
  ["runner told", "a job starts", byItself],
  ["run begun", "a job starts", byItself],
  ["run ended", "a job ends", byItself],
  ["output indexed", "a job ends", byItself],
  ["record claimed", "a job that never began is taken up", { ...byItself, after: "new>running committed" }],
  ["record found", "a job that runs is taken up", { ...byItself, after: "run begun" }],
  ["running>queued decided", "a job is to be tried again", triedAgain],
  ["running>queued committed", "a job is to be tried again", triedAgain],
  ["queued>queued decided", "a job's next attempt is due", triedAgain],
  ["queued>queued committed", "a job's next attempt is due", triedAgain],
  ["queued>running committed", "a job's next attempt starts", triedAgain],
  ["running>succeeded committed", "a job's next attempt ends", triedAgain],
  ["record claimed", "an attempt that never began is taken up", { ...triedAgain, after: "queued>running committed" }],
  ["signals due", "a job is terminated", terminated],
  ["signals sent", "a job is terminated", terminated],
  ["signals due", "a job is paused", paused],
  ["signals sent", "a job is paused", paused],
  ["signals due", "a job is taken up to be terminated", { ...terminated, after: "running>running committed" }],
  ["signals sent", "a job is taken up to be paused", { ...paused, after: "running>paused committed" }],
  ["output removed", "a job is removed", removed],
  ["output removed", "a result is removed", hidden],
];
