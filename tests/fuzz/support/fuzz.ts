/** Asks one server for whatever its document has, and more, for a while. */

import fc from "fast-check";
import type { Service } from "../../helpers/service.ts";
import { type Document, type Operation, operationsOf } from "./document.ts";
import { type Answered, judgeBy } from "./judge.ts";
import { type Known, type Made, requestsFor } from "./requests.ts";

export interface FuzzOptions {
  service: Service;
  /** What the answers are held to. */
  document: Document;
  seed: number;
  /** Stops after so many seconds, but not before every operation had its turn. */
  seconds: number;
  /** How many requests it makes at least. Default: four for each operation. */
  least?: number;
  /** Only these operations. */
  only?: (operation: Operation) => boolean;
}

export interface FuzzReport {
  /** How many requests were made. */
  requests: number;
  /** Everything that was not as the document has it, each kind once, with what to repeat it by; at most 20. */
  faults: string[];
  /** Statuses, by operation. */
  seen: Map<string, Set<number>>;
}

/** How long a stream of events, or an output that is followed, is listened to, in milliseconds. */
const LISTEN_MS = 50;
/** What a server that answers at all does not need. */
const LIMIT_MS = 30_000;
/** So many requests, then what has piled up is cleared away. */
const ROUND = 400;
const WORKERS = 4;

export async function fuzz(
  { service, document, seed, seconds, least, only = () => true }: FuzzOptions,
): Promise<FuzzReport> {
  const operations = operationsOf(document).filter(only);
  const judge = judgeBy(document);
  const report: FuzzReport = { requests: 0, faults: [], seen: new Map() };
  const known: Known = { workers: [], jobs: [] };
  const kinds = new Set<string>();
  const client = Deno.createHttpClient({});
  const end = performance.now() + seconds * 1000;
  const enough = least ?? operations.length * 4;
  const open = () => report.faults.length < 20 && (report.requests < enough || performance.now() < end);

  const one = async (number: number) => {
    const operation = operations[number % operations.length]!;
    const spoil = Math.floor(number / operations.length) % 3 === 0;
    const requests = requestsFor(document, operation, known, spoil);
    // A first sample leans towards the smallest and the first; every other one is left to chance alone.
    const leaning = Math.floor(number / operations.length / 3) % 2 === 0;
    const [made] = fc.sample(leaning ? requests : fc.noBias(requests), { seed: seed + number, numRuns: 1 });
    const where = `${operation.method} ${operation.path}`;
    let faults: string[];
    let answer: Answered | undefined;
    try {
      answer = await ask(service.url, made!, client);
      remember(answer, known);
      const seen = report.seen.get(where) ?? new Set();
      report.seen.set(where, seen.add(answer.status));
      faults = judge(operation, made!, answer);
    } catch (error) {
      faults = [`no answer: ${error}`];
    }
    const kind = `${where}: ${faults.join("; ")}`;
    if (faults.length === 0 || kinds.has(kind)) return;
    kinds.add(kind);
    const shown = JSON.stringify(made).slice(0, 1500);
    const got = answer && `${answer.status} ${JSON.stringify([...answer.headers])} ${answer.text.slice(0, 600)}`;
    report.faults.push(`seed ${seed}, request ${number}, ${kind}\n    ${shown}\n    ${got}`);
  };

  try {
    while (open()) {
      const stop = report.requests + ROUND;
      await Promise.all(Array.from({ length: WORKERS }, async () => {
        while (report.requests < stop && open()) await one(report.requests++);
      }));
      await clearAway(service, known);
    }
  } finally {
    client.close();
  }
  return report;
}

async function ask(url: string, { method, target, headers, body }: Made, client: Deno.HttpClient): Promise<Answered> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const init: RequestInit & { client: Deno.HttpClient } = { method, headers, body, client, redirect: "manual", signal };
  const response = await fetch(url + target, init);
  return { status: response.status, headers: response.headers, text: await textOf(response, target) };
}

/** Reads a body to its end, but one that may have none only for a moment. */
async function textOf(response: Response, target: string): Promise<string> {
  const type = response.headers.get("content-type") ?? "";
  const endless = type.startsWith("text/event-stream") || (response.ok && target.includes("follow=true"));
  if (!endless || response.body === null) return await response.text();
  const reader = response.body.getReader();
  const limit = setTimeout(() => reader.cancel(), LISTEN_MS);
  while (!(await reader.read()).done);
  clearTimeout(limit);
  return "";
}

/** Takes in the names of what an answer says was made. */
function remember({ status, headers, text }: Answered, known: Known): void {
  if (status > 299 || !(headers.get("content-type") ?? "").startsWith("application/json")) return;
  const { "worker-id": worker, job_id: job } = JSON.parse(text) as { "worker-id"?: string; job_id?: number };
  if (worker !== undefined) known.workers = [...known.workers.filter((each) => each !== worker), worker].slice(-6);
  if (job !== undefined && !known.jobs.includes(job)) known.jobs = [...known.jobs, job].slice(-50);
}

/** Ends what still waits or holds a slot: jobs for a day far away, reservations that nobody uses. */
export async function clearAway(service: Service, known: Known): Promise<void> {
  for (;;) {
    const list = await service.call("GET", "/api/jobs?state=queued,running,paused&limit=1000");
    const { jobs } = list.json<{ jobs: { job_id: number }[] }>();
    if (jobs.length === 0) break;
    for (const { job_id: id } of jobs) await service.call("DELETE", `/api/jobs/${id}?terminate=true`);
  }
  for (const id of known.workers) await service.call("POST", `/modify/${id}/terminated`);
  known.workers = [];
  for (const name of ["default", "fuzz"]) {
    await service.call("PUT", `/api/queues/${name}`, { json: name === "default" ? { slots: null } : {} });
  }
}
