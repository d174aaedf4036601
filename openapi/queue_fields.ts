/** What a job is asked for with that concerns its way through the queue. */

import { z } from "@hono/zod-openapi";
import { RETRY_DEFAULTS } from "../lib/domain/retry_policy.ts";
import { DEFAULT_QUEUE } from "../lib/domain/queue.ts";
import { MOMENT_HINT, parseMoment } from "./moment.ts";

/** The last moment of the year 9999, in seconds. */
const LAST_SECOND = 253_402_300_799;
const DAY = 86_400;

const QUEUE_NAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]*$/u;

/** A queue's name: the same whichever way its accents are written. */
export const queueName = z.string().transform((text, context) => {
  const name = text.normalize("NFC");
  if (QUEUE_NAME.test(name) && [...name].length <= 64) return name;
  context.addIssue({
    code: "custom",
    message: "A queue's name is 1 to 64 letters, digits, `.`, `_` and `-`, and begins with a letter or a digit",
  });
  return z.NEVER;
}).openapi({ type: "string", minLength: 1, maxLength: 64, example: "nightly" });

/** Milliseconds since the epoch. */
export const startAtForms = [
  { type: "string" as const, format: "date-time" },
  { type: "number" as const, minimum: 0, maximum: LAST_SECOND },
];
const startAt = z.union([z.string(), z.number()]).transform((given, context) => {
  const at = typeof given === "number" ? given * 1000 : parseMoment(given);
  if (Number.isFinite(at) && at >= 0 && at <= LAST_SECOND * 1000) return Math.round(at);
  context.addIssue({ code: "custom", message: `${MOMENT_HINT}, or seconds since 1970 (not milliseconds)` });
  return z.NEVER;
}).openapi({
  anyOf: startAtForms,
  description: "It starts no earlier: RFC 3339, or seconds since 1970. By the wall clock, also when that is set.",
  example: "2026-08-20T03:00:00Z",
});

export const AfterConditionSchema = z.enum(["succeeded", "done"], { error: "Send succeeded or done" });

/** As they are sent. */
export const queueFields = {
  queue: queueName.optional().openapi({
    description: `The queue that it goes through; there has to be one of that name. Default: \`${DEFAULT_QUEUE}\`.`,
  }),
  start_at: startAt.optional(),
  after: z.array(z.int().min(1)).min(1).max(1000).optional().openapi({
    description:
      "Ids of jobs, at most 1000, that have to end before it starts. One that was removed later counts as it " +
      "ended.",
    example: [44],
  }),
  if: AfterConditionSchema.optional().openapi({
    description:
      "How they have to end. `succeeded` (the default): with exit code 0; when one ends otherwise, this job is " +
      "cancelled (`terminated`, with the reason in `error`), and so is what waits for this one. `done`: in any way.",
    example: "succeeded",
  }),
  retries: z.int().min(0).max(100).optional().openapi({
    description:
      "How often it is tried again when it ended as `failed`, `timed_out` or `lost` (default 0). Each attempt " +
      "adds to the same outputs; `attempts` says where each began. Until the last one is over the job has no result.",
    example: 3,
  }),
  retry_delay: z.number().min(0).max(30 * DAY).optional().openapi({
    description: `Seconds between the first attempt and the second. Default: ${RETRY_DEFAULTS.delay}.`,
    example: 10,
  }),
  backoff: z.number().min(1).max(100).optional().openapi({
    description: `What the delay is multiplied by from each attempt to the next. Default: ${RETRY_DEFAULTS.backoff}.`,
    example: 2,
  }),
  max_retry_delay: z.number().min(0).max(30 * DAY).optional().openapi({
    description: `The longest that the delay grows to, in seconds. Default: ${RETRY_DEFAULTS.maxDelay}.`,
    example: 600,
  }),
};
