/** The query parameters by which jobs, statuses and results are searched. */

import { z } from "@hono/zod-openapi";
import { JOB_STATES, type JobState } from "../lib/domain/job.ts";
import { cleanText, decimalText, integerText, pageQuery } from "./scalars.ts";

export const JOB_SORTS = ["created", "-created", "duration", "-duration", "ended", "-ended"] as const;

/** Full date-time with its offset; the `+` of one that was not percent-encoded arrives as a space. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function moment(description: string) {
  return z.string().transform((text, context) => {
    const given = text.replace(/ (?=\d{2}:\d{2}$)/, "+").replace(/ /, "T");
    const value = MOMENT.test(given) || DAY.test(given) ? Date.parse(given) : NaN;
    if (!Number.isNaN(value) && isRealDay(given)) return value;
    context.addIssue({
      code: "custom",
      message: "Send a time as RFC 3339 has it (2026-08-19T15:31:42Z) or a day (2026-08-19, in UTC)",
    });
    return z.NEVER;
  }).openapi({ type: "string", description, example: "2026-08-19T15:31:42Z" });
}

/** `Date.parse` takes 30 February for 2 March. */
function isRealDay(text: string): boolean {
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

const states = z.string().transform((text, context): JobState[] => {
  const names = text.split(",");
  const isState = (name: string): name is JobState => (JOB_STATES as readonly string[]).includes(name);
  if (names.every(isState)) return names;
  context.addIssue({ code: "custom", message: `Send one or more of ${JOB_STATES.join(", ")}, with commas between` });
  return z.NEVER;
}).openapi({
  type: "string",
  description: "One or more states, with commas between.",
  example: "running,paused",
});

const labels = z.union([cleanText(), z.array(cleanText()).max(64)]).transform((given, context) => {
  const found = new Map<string, string>();
  for (const text of [given].flat()) {
    const colon = text.indexOf(":");
    const [name, value] = [text.slice(0, colon), text.slice(colon + 1)];
    if (colon < 1 || found.has(name)) {
      context.addIssue({
        code: "custom",
        message: "Send name:value; to ask for several labels, repeat the parameter",
      });
      return z.NEVER;
    }
    found.set(name, value);
  }
  return Object.fromEntries(found);
}).openapi({
  type: "array",
  items: { type: "string" },
  description: "`name:value`. Repeated: all of them have to be there.",
  example: ["team:backup"],
});

export const jobSearchQuery = z.strictObject({
  q: cleanText().max(1000).optional().openapi({
    description:
      "Every word has to be a substring of the command, the name or the labels, whatever its case, in any script.",
    example: "rsync",
  }),
  output: cleanText().max(1000).optional().openapi({
    description: "The same in stdout and stderr, from the moment the result is there.",
    example: "no such file",
  }),
  state: states.optional(),
  exit_code: integerText({ description: "The exit code.", minimum: 0, maximum: 255, example: 1 }).optional(),
  label: labels.optional(),
  since: moment("Created at or after this time.").optional(),
  until: moment("Created before this time.").optional(),
  min_duration: decimalText({
    description: "Ended, and took at least this many seconds.",
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    example: 1.5,
  }).optional(),
  sort: z.enum(JOB_SORTS, { error: `Send one of ${JOB_SORTS.join(", ")}` }).optional().openapi({
    description: "The order; a minus turns it round.",
    default: "-created",
  }),
  ...pageQuery,
});
export type JobSearch = z.output<typeof jobSearchQuery>;
