/** The query parameters by which jobs, statuses and results are searched. */

import { z } from "@hono/zod-openapi";
import { JOB_STATES, type JobState } from "../lib/domain/job.ts";
import { MOMENT_HINT, parseMoment } from "./moment.ts";
import { queueName } from "./queue_fields.ts";
import { cleanText, decimalText, integerText, pageQuery } from "./scalars.ts";

export const JOB_SORTS = ["created", "-created", "duration", "-duration", "ended", "-ended"] as const;

function moment(description: string) {
  return z.string().transform((text, context) => {
    // The `+` of an offset that was not percent-encoded arrives as a space.
    const value = parseMoment(text.replace(/ (?=\d{2}:\d{2}$)/, "+"));
    if (!Number.isNaN(value)) return value;
    context.addIssue({ code: "custom", message: MOMENT_HINT });
    return z.NEVER;
  }).openapi({ type: "string", description, example: "2026-08-19T15:31:42Z" });
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
  queue: queueName.optional().openapi({ description: "The queue that it goes, or went, through." }),
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
