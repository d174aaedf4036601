import assert from "node:assert/strict";
import { startService } from "../../helpers/service.ts";
import { sessionRunner, sessionSteps, settledSession } from "../../helpers/session.ts";

Deno.test("every command of the README's recorded session prints what the README says (else: deno task session)", async () => {
  const readme = await Deno.readTextFile(new URL("../../../README.md", import.meta.url));
  const steps = sessionSteps(readme);
  assert.ok(steps.length > 10);
  await using service = await startService();
  const run = await sessionRunner(service);
  for (const step of steps) {
    assert.equal(settledSession(await run(step.command)), settledSession(step.printed), step.command);
  }
});
