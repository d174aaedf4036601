/** What is sent to `/api/jobs/{id}/signal`. */

import { z } from "@hono/zod-openapi";
import { parseSignal, type Signal } from "../lib/domain/signal.ts";

const SignalSchema = z.union([z.string(), z.int()]).transform((given, context): Signal => {
  const signal = parseSignal(given);
  if (signal) return signal;
  context.addIssue({ code: "custom", message: "Send the name of a signal (SIGUSR1, or USR1), or its number" });
  return z.NEVER;
}).openapi({
  anyOf: [{ type: "string" }, { type: "integer", minimum: 1, maximum: 64 }],
  description: "Its name, with or without `SIG`, or its number; `SIGRTMIN+n` for a real-time signal.",
  example: "SIGUSR1",
});

export const JobSignalSchema = z.strictObject({
  signal: SignalSchema,
  to: z.enum(["job", "all"]).default("all").openapi({
    description: "`all`: every process of the job. `job`: only the one that runs the command (its shell, where the " +
      "command needs one).",
  }),
}).openapi("JobSignal", { example: { signal: "SIGUSR1" } });
