import assert from "node:assert/strict";
import type { JobSpec } from "../../../lib/domain/job.ts";
import { retryDelayMs } from "../../../lib/domain/retry_policy.ts";

const spec = (policy: Partial<JobSpec>): JobSpec => ({
  command: "false",
  grace: 5,
  priority: 0,
  retries: 9,
  ...policy,
});
const delays = (policy: Partial<JobSpec>, ...made: number[]) => made.map((n) => retryDelayMs(spec(policy), n));

Deno.test("the delay before another attempt doubles from one second to an hour where nothing else is said", () => {
  assert.deepEqual(delays({}, 1, 2, 3, 4, 12, 13, 100), [1000, 2000, 4000, 8000, 2_048_000, 3_600_000, 3_600_000]);
});

Deno.test("the delay grows by its factor up to its longest, and stays as it is with a factor of 1", () => {
  assert.deepEqual(
    delays({ retryDelay: 10, backoff: 3, maxRetryDelay: 60 }, 1, 2, 3, 4),
    [10_000, 30_000, 60_000, 60_000],
  );
  assert.deepEqual(delays({ retryDelay: 0.25, backoff: 1 }, 1, 50), [250, 250]);
});

Deno.test("no delay stays none, and a first delay over the longest is kept", () => {
  assert.deepEqual(delays({ retryDelay: 0, backoff: 100 }, 1, 100, 1000), [0, 0, 0]);
  assert.deepEqual(delays({ retryDelay: 90, maxRetryDelay: 60 }, 1, 2), [90_000, 90_000]);
});
