import assert from "node:assert/strict";
import { age, bytes, count, duration, figure, latency } from "../../../ui/logic/format.ts";

Deno.test("sizes have three figures at most and the unit that fits", () => {
  assert.deepEqual(
    [0, 999, 1000, 1536, 99_949, 99_950, 999_600, 1e9, 5.25e12, 3e15].map(bytes),
    ["0 B", "999 B", "1.0 kB", "1.5 kB", "99.9 kB", "100 kB", "1.0 MB", "1.0 GB", "5.3 TB", "3000 TB"],
  );
});

Deno.test("durations read as people say them", () => {
  assert.deepEqual(
    [-1, 0.04, 9.94, 9.95, 59.4, 59.6, 65, 3599.7, 3660, 86399, 100_000].map(duration),
    ["0.0 s", "0.0 s", "9.9 s", "10 s", "59 s", "1 m 00 s", "1 m 05 s", "1 h 00 m", "1 h 01 m", "23 h 59 m", "1 d 3 h"],
  );
});

Deno.test("ages are short and never in the future", () => {
  assert.deepEqual([-5000, 0, 4000, 61_000, 7_200_000, 200_000_000].map(age), [
    "now",
    "now",
    "4 s",
    "1 m",
    "2 h",
    "2 d",
  ]);
});

Deno.test("figures keep what matters", () => {
  assert.deepEqual([0, 0.01234, 3.456, 99.9, 100.4, 12_345].map(figure), ["0", "0.012", "3.5", "100", "100", "12,345"]);
  assert.deepEqual([0.00123, 0.5, 1.25].map(latency), ["1.2 ms", "500 ms", "1.3 s"]);
  assert.equal(count(1_234_567), "1,234,567");
});
