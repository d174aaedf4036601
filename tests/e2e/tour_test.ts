import assert from "node:assert/strict";
import { startService } from "../helpers/service.ts";
import { runStep, settled, stepsOf } from "../helpers/tour.ts";

Deno.test("every command of the README's tour prints what the README says", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const steps = stepsOf(readme);
  assert.ok(steps.length > 20);
  await using service = await startService();
  for (const step of steps) {
    const printed = await runStep(step.command, service.port, service.files);
    assert.equal(settled(printed), settled(step.printed), step.command);
  }
});
