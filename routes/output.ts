/** What a job writes, as raw bytes. */

import type { Context } from "hono";
import { resolveRange } from "../lib/domain/byte_range.ts";
import { Problem } from "../lib/domain/errors.ts";
import type { Form } from "../lib/services/jobs/watching/job_watch.ts";
import { type Part, partsOf } from "../lib/services/jobs/watching/watching.ts";
import type { OutputName } from "../lib/services/ports/processes.ts";
import { getStderr, getStdout } from "../openapi/output.ts";
import { byteAnswer } from "./byte_answer.ts";
import { callerIdOf } from "./caller.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { assertSeen } from "./job_access.ts";
import { ending } from "./leaving.ts";
import { USER_CONTENT } from "./middleware/security_headers.ts";

const FRESH = { "cache-control": "no-store" };

interface Wanted {
  id: number;
  name: OutputName;
  follow?: boolean;
  /** Lines. */
  tail?: number;
}

export function outputRoutes(app: App, deps: RouteDeps): void {
  app.openapi(getStdout, (c) => {
    return answer(c, deps, { name: "stdout", ...c.req.valid("param"), ...c.req.valid("query") });
  });
  app.openapi(getStderr, (c) => {
    return answer(c, deps, { name: "stderr", ...c.req.valid("param"), ...c.req.valid("query") });
  });
}

async function answer(c: Context<Env>, deps: RouteDeps, wanted: Wanted): Promise<Response> {
  const { jobs } = deps;
  const { id, name, follow, tail } = wanted;
  await assertSeen(c, jobs, id);
  const size = await jobs.results.size(id, name);
  const { signal } = c.req.raw;
  const first = tail === undefined ? 0 : await jobs.results.tailOffset(id, name, tail, signal);
  if (follow) return followed(c, deps, wanted, first);
  const part = tail === undefined ? rangeOf(c, size) : null;
  const { start, end } = part ?? { start: first, end: size };
  const stream = c.req.method === "HEAD" ? null : await jobs.results.output(id, name, { start, end });
  const revoked = c.get("auth")?.revoked;
  // Of a tail nobody needs to know what came before it.
  return byteAnswer({ stream, range: part, size: tail === undefined ? size : size - first, headers: FRESH, revoked });
}

function rangeOf(c: Context<Env>, size: number) {
  const field = c.req.header("range");
  const answer = resolveRange(field, size);
  if (answer.kind === "part") return answer.range;
  if (answer.kind === "whole") return null;
  throw new Problem("invalid_range", `There are ${size} bytes so far, and none of them in ${field}.`, {
    members: { size },
  });
}

/** The bytes so far and those to come, until the job has ended. Breaks off where it ends before the job does. */
function followed(
  c: Context<Env>,
  { jobs, stopping, shares }: RouteDeps,
  { id, name }: Wanted,
  start: number,
): Response {
  // As for events: the connection ends with the stream.
  const headers = { "content-type": "application/octet-stream", "connection": "close", ...FRESH, ...USER_CONTENT };
  if (c.req.method === "HEAD") return new Response(null, { headers });
  const onEnd = shares.streams.take(callerIdOf(c));
  return new Response(bytesOf(jobs.watching, { id, name, start }, { stopping: ending(c, stopping), onEnd }), {
    headers,
  });
}

function bytesOf(
  watching: RouteDeps["jobs"]["watching"],
  { id, name, start }: { id: number; name: OutputName; start: number },
  { stopping, onEnd }: { stopping: AbortSignal; onEnd: () => void },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const left = new AbortController();
  const leave = () => left.abort();
  let parts: AsyncGenerator<Part> | undefined;
  async function* follow(): AsyncGenerator<Part> {
    const watch = watching.enter(id);
    stopping.addEventListener("abort", leave);
    try {
      yield* partsOf(watch, { from: { [name]: start }, form: RAW, signal: left.signal });
      // Nobody shall take a part for the whole.
      if (stopping.aborted && !watch.over) {
        throw new Problem("shutting_down", "The server is stopping; the job goes on.");
      }
    } finally {
      stopping.removeEventListener("abort", leave);
      watch.leave();
    }
  }
  return new ReadableStream({
    async pull(controller) {
      parts ??= follow();
      const { done, value } = await parts.next().catch((error) => {
        onEnd();
        throw error;
      });
      if (left.signal.aborted && !stopping.aborted) return;
      if (done) {
        onEnd();
        controller.close();
      } else controller.enqueue(value.bytes);
    },
    cancel() {
      onEnd();
      leave();
      parts?.return(undefined);
    },
  }, { highWaterMark: 0 });
}

/** The bytes as they are. */
const RAW: Form = { name: "raw", text: false, make: (_output, _start, bytes) => bytes };
