import assert from "node:assert/strict";
import { RequestTallies } from "../../lib/request_tallies.ts";

Deno.test("requests are counted by method, route and status, and their times in buckets that add up", () => {
  const tallies = new RequestTallies();
  tallies.add("GET", "/{key}", 200, 0.0005);
  tallies.add("GET", "/{key}", 200, 0.002);
  tallies.add("GET", "/{key}", 404, 1000);
  tallies.add("PUT", "/{key}", 201, 0.3);
  const lines = tallies.text().split("\n");
  const get = 'method="GET",route="/{key}"';
  for (
    const line of [
      `stint_http_requests_total{${get},status="200"} 2`,
      `stint_http_requests_total{${get},status="404"} 1`,
      'stint_http_requests_total{method="PUT",route="/{key}",status="201"} 1',
      `stint_http_request_duration_seconds_bucket{le="0.0005",${get}} 1`,
      `stint_http_request_duration_seconds_bucket{le="0.001",${get}} 1`,
      `stint_http_request_duration_seconds_bucket{le="0.0025",${get}} 2`,
      `stint_http_request_duration_seconds_bucket{le="600",${get}} 2`,
      `stint_http_request_duration_seconds_bucket{le="+Inf",${get}} 3`,
      `stint_http_request_duration_seconds_count{${get}} 3`,
      `stint_http_request_duration_seconds_sum{${get}} 1000.0025`,
    ]
  ) assert.ok(lines.includes(line), `${line} is not in\n${lines.join("\n")}`);
});

Deno.test("a label's value cannot break out of its quotes", () => {
  const tallies = new RequestTallies();
  tallies.add("GET", 'a"b\\c\nd', 200, 1);
  assert.match(tallies.text(), /route="a\\"b\\\\c\\nd",status="200"} 1/);
});
