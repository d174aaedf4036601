/** Changing a job: its state, or, while it has not begun, what it is to be. */

import { z } from "@hono/zod-openapi";
import { checkCommand, grace, priority, runFields } from "./job_fields.ts";
import { queueFields, startAtForms } from "./queue_fields.ts";

const { command, argv, ...others } = runFields;
const fields = removable({ ...others, grace: grace.optional(), priority: priority.optional(), ...queueFields });

export const JobPatchSchema = z.strictObject({
  state: z.enum(["paused", "running", "terminated"]).optional().openapi({
    description: "The state that it is to take. Sent alone.",
    example: "paused",
  }),
  command,
  argv,
  ...fields,
  // The document has these in words of their own, which do not know of null.
  labels: fields.labels.openapi({ type: ["object", "null"] }),
  env: fields.env.openapi({ type: ["object", "null"] }),
  queue: fields.queue.openapi({ type: ["string", "null"] }),
  start_at: fields.start_at.openapi({ anyOf: [...startAtForms, { type: "null" }] }),
}).superRefine((patch, context) => {
  const edits = Object.entries(patch).filter(([name, value]) => name !== "state" && value !== undefined);
  if (patch.state === undefined && edits.length === 0) {
    context.addIssue({ code: "custom", path: ["state"], message: "Send a state, or fields of a job to edit" });
  }
  for (const [name] of patch.state === undefined ? [] : edits) {
    context.addIssue({ code: "custom", path: [name], message: "A change of state is asked for alone" });
  }
  checkCommand(patch, context, false);
}).openapi("JobPatch", { example: { state: "paused" } });

/** Fields that null takes away. */
function removable<F extends Record<string, z.ZodType>>(fields: F) {
  return Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, schema.nullable()])) as {
    [Name in keyof F]: z.ZodNullable<F[Name]>;
  };
}
