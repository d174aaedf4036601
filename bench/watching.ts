/**
 * Many viewers of one job: `deno task bench watching`. The same job, which prints 5 MB a second as far as the machine lets
 * it, runs without and with viewers in turns; the viewers' own process stands back (`nice`), as viewers are elsewhere in
 * earnest. `BENCH_VIEWERS` (1000), `BENCH_SECONDS` (6) for each run, `BENCH_ROUNDS` (3).
 */

import { resultOf, submit, untilState } from "../tests/helpers/jobs.ts";
import { type Service, startService } from "../tests/helpers/service.ts";
import { printTable } from "./lib/table.ts";

const VIEWERS = Number(Deno.env.get("BENCH_VIEWERS") ?? 1000);
const SECONDS = Number(Deno.env.get("BENCH_SECONDS") ?? 6);
const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 3);
/** Bytes that are printed at once, and how long is waited after each. */
const [BURST, PAUSE] = [250_000, 0.05];

interface Measured {
  /** Bytes a second that the job printed. */
  speed: number;
  /** Resident bytes of the server for each viewer: connected, and at the most while the job printed. */
  idle: number;
  peak: number;
  /** Milliseconds in which another request was answered: the median. */
  other: number;
  /** Bytes a second of the slowest and the quickest viewer that reads. */
  slowest: number;
  quickest: number;
}

/** The viewers' process, and a question to it. */
class Viewers {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  constructor(port: number, path: string, count: number, stalled: number) {
    const program = new URL("./lib/viewers.ts", import.meta.url).pathname;
    const run = [Deno.execPath(), "run", "--no-prompt", "--allow-net", program];
    this.#child = new Deno.Command("nice", {
      args: ["-n", "19", ...run, String(port), path, String(count), String(stalled)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#input = this.#child.stdin.getWriter();
  }

  async ready(): Promise<void> {
    const { value } = await this.#lines.read();
    if (value?.trim() !== "ready") throw new Error(`The viewers did not come: ${value}`);
  }

  /** Bytes that the slowest, the median and the quickest have read. */
  async read(): Promise<number[]> {
    await this.#input.write(new TextEncoder().encode("?\n"));
    return (await this.#lines.read()).value!.trim().split(" ").map(Number);
  }

  async leave(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#lines.cancel();
    await this.#child.status;
    await this.#input.abort().catch(() => undefined);
  }
}

async function residentBytes(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+) kB/.exec(await Deno.readTextFile(`/proc/${pid}/status`))![1]) * 1024;
}

let runs = 0;
async function measure(service: Service, path: string, viewers: number, stalled: number): Promise<Measured> {
  const gate = `${service.files}/gate${++runs}`;
  const bursts = Math.round(SECONDS / PAUSE);
  const { job_id } = await submit(
    service,
    `while [ ! -e '${gate}' ]; do sleep 0.02; done; i=0; ` +
      `while [ $i -lt ${bursts} ]; do yes 'a line of the job' | head -c ${BURST}; sleep ${PAUSE}; i=$((i+1)); done`,
  );
  await untilState(service, job_id, "running");
  const before = await residentBytes(service.pid);
  const watching = viewers > 0 ? new Viewers(service.port, `/api/jobs/${job_id}/${path}`, viewers, stalled) : undefined;
  await watching?.ready();
  const idle = await residentBytes(service.pid) - before;
  const begin = performance.now();
  await Deno.writeTextFile(gate, "");
  let ended = false;
  const result = resultOf(service, job_id).finally(() => ended = true);
  let peak = 0;
  const others: number[] = [];
  while (!ended) {
    peak = Math.max(peak, await residentBytes(service.pid) - before);
    const asked = performance.now();
    await service.call("GET", "/api/serverStatus");
    others.push(performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const took = (performance.now() - begin) / 1000;
  const [slowest = 0, , quickest = 0] = await watching?.read() ?? [];
  await watching?.leave();
  await result;
  const each = Math.max(1, viewers);
  return {
    speed: bursts * BURST / took,
    idle: idle / each,
    peak: peak / each,
    other: others.sort((a, b) => a - b)[others.length >> 1] ?? 0,
    slowest: slowest / took,
    quickest: quickest / took,
  };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

const CASES: [string, string, number, number][] = [
  ["no viewer", "output", 0, 0],
  [`${VIEWERS} viewers of events`, "output", VIEWERS, 0],
  [`${VIEWERS}, a tenth of them stalled`, "output", VIEWERS, VIEWERS / 10],
  [`${VIEWERS} followers of stdout`, "stdout?follow=true", VIEWERS, 0],
];
const measured = CASES.map((): Measured[] => []);
// A server for each, so that none inherits the memory of the one before.
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, [, path, viewers, stalled]] of CASES.entries()) {
    await using service = await startService();
    measured[i]!.push(await measure(service, path, viewers, stalled));
  }
}
const of = (i: number, what: keyof Measured) => median(measured[i]!.map((each) => each[what]));
printTable(
  ["one job, 5 MB/s", "job MB/s", "ratio", "KB a viewer, idle", "most", "slowest MB/s", "quickest", "other request ms"],
  CASES.map(([name, , viewers], i) => [
    name,
    of(i, "speed") / 1e6,
    of(i, "speed") / of(0, "speed"),
    ...(viewers === 0
      ? ["", "", "", ""]
      : [of(i, "idle") / 1024, of(i, "peak") / 1024, of(i, "slowest") / 1e6, of(i, "quickest") / 1e6]),
    of(i, "other"),
  ]),
);
