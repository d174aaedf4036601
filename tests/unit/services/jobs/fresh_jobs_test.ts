import assert from "node:assert/strict";
import type { Job } from "../../../../lib/domain/job.ts";
import { FreshJobs } from "../../../../lib/services/jobs/fresh_jobs.ts";

function job(id: number, command = "true"): Job {
  return { id, spec: { command, grace: 5, priority: 0 }, created: 0, cookie: "c", state: "queued" };
}

Deno.test("of too many jobs the one that was kept first is forgotten", () => {
  const fresh = new FreshJobs();
  for (let id = 1; id <= 513; id++) fresh.keep({ value: job(id), version: id });
  assert.equal(fresh.get(1), undefined);
  assert.deepEqual([fresh.get(2)?.version, fresh.get(513)?.version], [2, 513]);
});

Deno.test("a job with a long command is not kept, nor what was known of it before", () => {
  const fresh = new FreshJobs();
  fresh.keep({ value: job(1), version: 1 });
  fresh.keep({ value: job(1, "x".repeat(20_000)), version: 2 });
  assert.equal(fresh.get(1), undefined);
});
