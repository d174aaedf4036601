import assert from "node:assert/strict";
import type { Job } from "../../../../lib/domain/job.ts";
import { transition } from "../../../../lib/domain/job_transition.ts";
import { FreshJobs } from "../../../../lib/services/jobs/fresh_jobs.ts";

const queued = (id: number): Job => ({
  id,
  spec: { command: "true", grace: 5, priority: 0 },
  created: 0,
  cookie: `cookie-${id}`,
  state: "queued",
});

Deno.test("a job is known by its latest version until it has ended or is dropped", () => {
  const fresh = new FreshJobs();
  fresh.keep({ value: queued(1), version: 1 });
  const running = transition(queued(1), { type: "start" }, 5);
  fresh.keep({ value: running, version: 2 });
  assert.deepEqual(fresh.get(1), { value: running, version: 2 });
  const ended = transition(queued(1), { type: "stop", reason: "terminated" }, 9);
  assert.equal(ended.state, "terminated");
  fresh.keep({ value: ended, version: 3 });
  assert.equal(fresh.get(1), undefined, "others may remove what has ended");
  fresh.keep({ value: queued(2), version: 4 });
  fresh.drop(2);
  assert.equal(fresh.get(2), undefined);
});

Deno.test("a long queue does not fill the memory", () => {
  const fresh = new FreshJobs();
  for (let id = 1; id <= 10_000; id++) fresh.keep({ value: queued(id), version: id });
  const known = Array.from({ length: 10_000 }, (_, i) => i + 1).filter((id) => fresh.get(id));
  assert.ok(known.length < 1000, `${known.length} are kept`);
  assert.equal(known.at(-1), 10_000);
});
