import assert from "node:assert/strict";
import { Metrics } from "../../../lib/metrics.ts";
import { parseMetrics, quantile, total } from "../../../ui/logic/metrics_text.ts";
import { systemPoint } from "../../../ui/logic/system_figures.ts";

const TIME = "stint_http_request_duration_seconds";

Deno.test("the service's own metrics are read", async () => {
  const metrics = new Metrics({ slots: () => ({ limit: 4, used: 3 }) });
  metrics.jobFinished("failed");
  metrics.jobFinished("succeeded");
  metrics.jobFinished("succeeded");
  const figures = parseMetrics(await metrics.scrape());
  assert.equal(total(figures, "stint_slots_used"), 3);
  assert.equal(total(figures, "stint_jobs_finished_total"), 3);
  assert.equal(total(figures, "stint_jobs_finished_total", ({ state }) => state === "failed"), 1);
  assert.equal(total(figures, "stint_nothing"), 0);
});

Deno.test("quantiles are of what was measured between two looks", async () => {
  const metrics = new Metrics();
  const answered = (times: number, seconds: number, route = "/api/jobs") => {
    for (let i = 0; i < times; i++) metrics.requestAnswered("GET", route, 200, seconds);
  };
  answered(100, 5);
  const before = parseMetrics(await metrics.scrape());
  assert.equal(quantile(0.5, TIME, before, before), null);
  answered(90, 0.0008);
  answered(10, 0.04);
  const after = parseMetrics(await metrics.scrape());
  const median = quantile(0.5, TIME, after, before)!;
  assert.ok(median > 0.0005 && median <= 0.001, String(median));
  const slow = quantile(0.99, TIME, after, before)!;
  assert.ok(slow > 0.025 && slow <= 0.05, String(slow));
});

Deno.test("streams and held requests do not count into the answer time", async () => {
  const metrics = new Metrics();
  const before = { at: 0, figures: parseMetrics(await metrics.scrape()) };
  metrics.requestAnswered("GET", "/api/events", 200, 100);
  metrics.requestAnswered("GET", "/api/request", 200, 100);
  metrics.requestAnswered("GET", "/api/jobs/{id}/output", 200, 100);
  metrics.requestAnswered("GET", "/api/jobs", 200, 0.002);
  const point = systemPoint(2, parseMetrics(await metrics.scrape()), before);
  assert.ok(point.requestSlow! < 0.01);
  assert.equal(point.requests, 2);
});
