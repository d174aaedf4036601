import assert from "node:assert/strict";
import { JOB_STATES, type JobState } from "../../lib/domain/job.ts";
import { Metrics } from "../../lib/metrics.ts";

Deno.test("gauges are read when they are scraped", async () => {
  let held = 1;
  const metrics = new Metrics({
    heldRequests: () => held,
    slots: () => ({ limit: 4, used: 3 }),
    disk: () => Promise.resolve({ free: held * 100, size: 1000 }),
    jobs: () =>
      Promise.resolve(Object.fromEntries(JOB_STATES.map((state, n) => [state, n])) as Record<JobState, number>),
  });
  const first = await metrics.scrape();
  assert.match(first, /^stint_held_requests 1$/m);
  assert.match(first, /^stint_disk_size_bytes 1000$/m);
  held = 7;
  const text = await metrics.scrape();
  assert.match(text, /^stint_held_requests 7$/m);
  assert.match(text, /^stint_slots_limit 4$/m);
  assert.match(text, /^stint_slots_used 3$/m);
  assert.match(text, /^stint_disk_free_bytes 700$/m);
  assert.match(text, /^stint_disk_size_bytes 1000$/m);
  assert.match(text, /^stint_jobs\{state="running"\} 1$/m);
});

Deno.test("counters count, and two services in one process do not share them", async () => {
  const [one, other] = [new Metrics(), new Metrics()];
  one.jobStarted();
  one.jobFinished("succeeded");
  one.keyWritten();
  one.committed("committed", 0.002);
  one.requestAnswered("GET", "/{key}", 200, 0.001);
  const text = await one.scrape();
  assert.match(text, /^stint_jobs_started_total 1$/m);
  assert.match(text, /^stint_jobs_finished_total\{state="succeeded"\} 1$/m);
  assert.match(text, /^stint_key_writes_total 1$/m);
  assert.match(text, /^stint_store_commits_total\{outcome="committed"\} 1$/m);
  assert.match(text, /^stint_http_requests_total\{method="GET",route="\/\{key\}",status="200"\} 1$/m);
  assert.match(await other.scrape(), /^stint_jobs_started_total 0$/m);
});

Deno.test("every metric is the service's own", async () => {
  const text = await new Metrics().scrape();
  assert.deepEqual(text.split("\n").filter((line) => line !== "" && !/^(# (HELP|TYPE) )?stint_/.test(line)), []);
});
