/** What a job writes, as server-sent events. */

import type { Form, JobWatch } from "../lib/services/jobs/watching/job_watch.ts";
import { partsOf, type Places } from "../lib/services/jobs/watching/watching.ts";
import { getOutput, OUTPUT_EVENT_ID } from "../openapi/output.ts";
import { callerIdOf } from "./caller.ts";
import type { App, RouteDeps } from "./deps.ts";
import { assertSeen } from "./job_access.ts";
import { lastEventIdOf } from "./last_event_id.ts";
import { ending } from "./leaving.ts";
import { sseAnswer, type SseItem } from "./sse.ts";
import { jobView } from "./views/job_view.ts";

const encoder = new TextEncoder();

export function outputEventRoutes(app: App, { jobs, clock, stopping, shares }: RouteDeps): void {
  app.openapi(getOutput, async (c) => {
    const { id } = c.req.valid("param");
    const place = placeOf(lastEventIdOf(c, OUTPUT_EVENT_ID) ?? "0-0");
    await assertSeen(c, jobs, id);
    await jobs.results.present(id);
    if (place.ended) return c.body(null, 204);
    async function* events(signal: AbortSignal): AsyncGenerator<SseItem> {
      const watch = jobs.watching.enter(id);
      try {
        yield* eventsOf(watch, place.at, signal);
      } finally {
        watch.leave();
      }
    }
    return sseAnswer(events, {
      clock,
      stopping: ending(c, stopping),
      onEnd: shares.streams.take(callerIdOf(c)),
    });
  });

  async function* eventsOf(watch: JobWatch, from: Places, signal: AbortSignal): AsyncGenerator<SseItem> {
    let at = from;
    for await (const part of partsOf(watch, { from, form: EVENT, signal })) {
      at = part.at;
      yield [part.bytes, encoder.encode(`id: ${at.stdout}-${at.stderr}\n\n`)];
    }
    if (signal.aborted || !watch.ended) return;
    const data = JSON.stringify(jobView(watch.ended, clock.now(), await jobs.resources(watch.ended)));
    yield { id: `${at.stdout}-${at.stderr}-end`, event: "end", data };
  }
}

/** An event without its id, which depends on where its viewer stands in the other output. */
const EVENT: Form = {
  name: "event",
  text: true,
  make(output, offset, bytes) {
    // A byte order mark is a character like any other.
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    bytes.buffer.transfer(0);
    return encoder.encode(`event: ${output}\ndata: ${JSON.stringify({ offset, text })}\n`);
  },
};

function placeOf(id: string): { at: Places; ended: boolean } {
  const [, stdout, stderr, end] = OUTPUT_EVENT_ID.exec(id) ?? [];
  return { at: { stdout: Number(stdout), stderr: Number(stderr) }, ended: end !== undefined };
}
