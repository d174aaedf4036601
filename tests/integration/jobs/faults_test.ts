import assert from "node:assert/strict";
import { JOB_STATES } from "../../../lib/domain/job.ts";
import { JOB_TRANSITIONS } from "../../../lib/domain/job_transition.ts";
import { CHANGE_STEPS, RUN_STEPS, type Seam } from "../../../lib/services/ports/faults.ts";
import { dyingAt } from "../../helpers/faults.ts";
import { type Service, startService } from "../../helpers/service.ts";
import { Stage } from "./support/stage.ts";
import { CHANGES, CHANGES_IN_QUEUE, type ChangeStep, RUNS, type Walk } from "./support/walks.ts";

/** Exit code of a process that SIGKILL ended. */
const KILLED = 137;

interface Death {
  seam: Seam;
  walk: Walk;
  step?: ChangeStep;
}

/** Kills a server at every seam in turn; the next one, which dies at the next seam, shows what became of the job. */
async function dieAt(service: Service, deaths: Death[], nextId = 1, args: string[] = []): Promise<void> {
  const program = (death?: Death, id = nextId) => death && dyingAt(death.walk.after ?? death.seam, id);
  await service.restart(args, program(deaths[0]));
  for (const [i, { seam, walk, step }] of deaths.entries()) {
    const stage = new Stage(service, nextId);
    await walk.go(stage);
    assert.equal(await service.exit(), KILLED, `the server dies at ${walk.after ?? seam}`);
    if (walk.after) assert.equal(await service.startToDie(args, dyingAt(seam, nextId)), KILLED, seam);
    if (!walk.makesNothing?.(step)) nextId++;
    await service.start(args, program(deaths[i + 1]));
    await walk.rests(stage, step);
  }
}

function deathsAt(change: string, walk: Walk): Death[] {
  return (walk.steps ?? CHANGE_STEPS).map((step) => ({ seam: `${change} ${step}` as Seam, walk, step }));
}

for (const [change, walk] of Object.entries(CHANGES)) {
  const [from, to] = change.split(">");
  Deno.test(`a server killed around the change from ${from} to ${to} leaves a job that the next one goes on with`, async () => {
    await using service = await startService();
    await dieAt(service, deathsAt(change, walk));
    assert.deepEqual(await service.jobProcesses(), []);
  });
}

for (const [change, walk] of Object.entries(CHANGES_IN_QUEUE)) {
  const [from, to] = change.split(">");
  Deno.test(`a server killed around the change from ${from} to ${to} in the queue leaves it to the next one`, async () => {
    const args = ["--slots", "1"];
    await using service = await startService({ args });
    const blocker = new Stage(service, 1);
    await blocker.submit();
    await blocker.begun();
    await dieAt(service, deathsAt(change, walk), 2, args);
    await blocker.endsByItself();
  });
}

for (const [seam, what, walk] of RUNS) {
  Deno.test(`a server killed as ${what} (${seam}) leaves a job that the next one goes on with`, async () => {
    await using service = await startService();
    await dieAt(service, [{ seam, walk, step: undefined }]);
    assert.deepEqual(await service.jobProcesses(), []);
  });
}

Deno.test("every edge of the table of states, and every other step of a job's life, has a server killed at it", () => {
  const walked = new Set([...Object.keys(CHANGES), ...Object.keys(CHANGES_IN_QUEUE)]);
  const edges = JOB_STATES.flatMap((from) => JOB_TRANSITIONS[from].map((to) => `${from}>${to}`));
  assert.deepEqual(edges.filter((edge) => !walked.has(edge)), []);
  assert.deepEqual(RUN_STEPS.filter((step) => !RUNS.some(([seam]) => seam === step)), []);
});
