/**
 * How many requests were answered, and how long that took. Kept by hand and written in Prometheus' text format: this is
 * done for every request, and a library that builds a key of all labels each time costs more than the rest of the count.
 */

import { Times } from "./times.ts";

/** Upper bounds in seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600];

const COUNT = "stint_http_requests_total";
const TIME = "stint_http_request_duration_seconds";

interface Tally {
  labels: string;
  /** Requests by status. */
  statuses: Map<number, number>;
  times: Times;
}

export class RequestTallies {
  readonly #byRoute = new Map<string, Map<string, Tally>>();

  add(method: string, route: string, status: number, seconds: number): void {
    const tally = this.#byRoute.get(route)?.get(method) ?? this.#begin(method, route);
    tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
    tally.times.add(seconds);
  }

  /** Both metrics, cumulative as the format wants them. */
  text(): string {
    const tallies = [...this.#byRoute.values()].flatMap((methods) => [...methods.values()]);
    return [
      `# HELP ${COUNT} Requests answered`,
      `# TYPE ${COUNT} counter`,
      ...tallies.flatMap(({ labels, statuses }) =>
        [...statuses].map(([status, count]) => `${COUNT}{${labels},status="${status}"} ${count}`)
      ),
      "",
      `# HELP ${TIME} From the request's headers to the answer's`,
      `# TYPE ${TIME} histogram`,
      ...tallies.flatMap(({ labels, times }) => times.lines(TIME, labels)),
      "",
    ].join("\n");
  }

  #begin(method: string, route: string): Tally {
    const methods = this.#byRoute.get(route) ?? new Map<string, Tally>();
    this.#byRoute.set(route, methods);
    const tally: Tally = {
      labels: `method="${escaped(method)}",route="${escaped(route)}"`,
      statuses: new Map(),
      times: new Times(BUCKETS),
    };
    methods.set(method, tally);
    return tally;
  }
}

/** As the text format has label values: backslash, quote and newline are escaped. */
function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
