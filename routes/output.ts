/** What a job writes, as raw bytes. */

import type { Context } from "hono";
import { resolveRange } from "../lib/domain/byte_range.ts";
import { Problem } from "../lib/domain/errors.ts";
import { isEnded } from "../lib/domain/job.ts";
import type { OutputName } from "../lib/services/ports/processes.ts";
import { getStderr, getStdout } from "../openapi/output.ts";
import { byteAnswer } from "./byte_answer.ts";
import { givingBack } from "./giving_back.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { leaving } from "./leaving.ts";

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
  const size = await jobs.results.size(id, name);
  const first = tail === undefined ? 0 : await jobs.results.tailOffset(id, name, tail);
  if (follow) return await followed(c, deps, wanted, first);
  const part = tail === undefined ? rangeOf(c, size) : null;
  const { start, end } = part ?? { start: first, end: size };
  const signal = leaving(c);
  const stream = c.req.method === "HEAD" ? null : await jobs.results.output(id, name, { start, end, signal });
  // Of a tail nobody needs to know what came before it.
  return byteAnswer({ stream, range: part, size: tail === undefined ? size : size - first, headers: FRESH });
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

/** The bytes so far and those to come, until the job has ended. */
async function followed(
  c: Context<Env>,
  { jobs, stopping }: RouteDeps,
  { id, name }: Wanted,
  start: number,
): Promise<Response> {
  const headers = { "content-type": "application/octet-stream", ...FRESH };
  if (c.req.method === "HEAD") return new Response(null, { headers });
  const signal = AbortSignal.any([leaving(c), stopping]);
  const stream = await jobs.results.output(id, name, { start, follow: true, signal });
  const whole = stream.pipeThrough(unlessStopped(() => jobs.get(id).then(isEnded)));
  return new Response(givingBack(whole), { headers });
}

/** Breaks the stream off where it ends before the job does, so that nobody takes a part for the whole. */
function unlessStopped(
  ended: () => Promise<boolean>,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream(
    {
      async flush() {
        if (!await ended()) throw new Problem("shutting_down", "The server is stopping; the job goes on.");
      },
    },
    undefined,
    { highWaterMark: 0 },
  );
}
