import assert from "node:assert/strict";
import { startService } from "../helpers/service.ts";
import { measuredBodies, runStep, settled, settledLoosely, stepsOf } from "../helpers/tour.ts";

Deno.test("every command of the README's tour prints what the README says", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const steps = stepsOf(readme);
  assert.ok(steps.length > 20);
  // The README was written with the release of the runtime that it names; others write fields in other ways.
  const named = /npx -y deno@(\S+) task start/.exec(readme)?.[1];
  const same = Deno.version.deno === named && !Deno.env.has("STINT_EXECUTABLE");
  const compared = same ? settled : settledLoosely;
  await using service = await startService();
  for (const step of steps) {
    const printed = await runStep(step.command, service.port, service.files);
    assert.equal(compared(printed), compared(step.printed), step.command);
    for (const text of [printed, step.printed]) {
      for (const body of measuredBodies(text)) assert.doesNotThrow(() => JSON.parse(body), step.command);
    }
  }
});
