/** What a job is asked for with: what is to be run, and how. */

import { z } from "@hono/zod-openapi";
import { LimitsSchema, SandboxSchema } from "./confinement.ts";
import { cleanText } from "./scalars.ts";

/** What the kernel takes as one argument or one variable, its ending NUL not counted. */
const MAX_ARGUMENT_BYTES = 128 * 1024 - 1;
const MAX_LABELS = 64;

const encoder = new TextEncoder();
const fits = (text: string) => text.length <= MAX_ARGUMENT_BYTES && encoder.encode(text).length <= MAX_ARGUMENT_BYTES;
const tooLong = { error: "It is 128 KiB or longer, which the system does not take as one argument. Use stdin" };

const argument = () => cleanText().refine(fits, tooLong);

/** A label's name holds no colon, because `label=k:v` splits at the first one. */
const labelName = cleanText().min(1).max(64).regex(/^[^:]*$/, { error: "A label's name contains no colon" });

export const LabelsSchema = z.record(labelName, cleanText().max(256))
  .refine((labels) => Object.keys(labels).length <= MAX_LABELS, { error: `At most ${MAX_LABELS} labels` })
  .openapi({ type: "object", additionalProperties: { type: "string", maxLength: 256 }, example: { team: "backup" } });

const EnvSchema = z.record(
  cleanText().regex(/^[^=]+$/, { error: "A variable's name is not empty and contains no `=`" }),
  cleanText(),
).superRefine((env, context) => {
  for (const [name, value] of Object.entries(env)) {
    if (!fits(`${name}=${value}`)) context.addIssue({ code: "custom", path: [name], message: tooLong.error });
  }
}).openapi({ type: "object", additionalProperties: { type: "string" }, example: { LANG: "ru_RU.UTF-8" } });

export const grace = z.number().min(0).max(3600).openapi({ description: "Seconds between SIGTERM and SIGKILL." });
export const priority = z.int().min(-1000).max(1000).openapi({
  description: "Higher goes first, in all queues; equal ones first come, first served.",
});

export const runFields = {
  command: argument().refine((text) => text.trim() !== "", { error: "It is empty" }).optional().openapi({
    description: "A line for `/bin/sh -c`. Exactly one of `command` and `argv`.",
    example: "cp /tmp/file /mnt/nfs/",
  }),
  argv: z.array(argument()).min(1).refine((words) => words[0] !== "", { error: "It names no program" })
    .optional().openapi({
      description: "A program and its arguments, run with no shell.",
      example: ["cp", "/tmp/file", "/mnt/nfs/"],
    }),
  name: cleanText().min(1).max(256).optional().openapi({ description: "To find it again.", example: "backup" }),
  labels: LabelsSchema.optional(),
  cwd: argument().refine((path) => path.startsWith("/"), { error: "It must be an absolute path" }).optional().openapi({
    description: "Working directory, absolute. Default: the home of the user that the server runs as.",
    example: "/srv",
  }),
  env: EnvSchema.optional().openapi({ description: "Variables added to a clean environment." }),
  stdin: z.string().refine((text) => text.isWellFormed(), { error: "It contains a lone surrogate" }).optional()
    .openapi({ description: "Text fed to its standard input.", example: "привет\n" }),
  timeout: z.number().positive().max(1e9).optional().openapi({
    description: "Seconds of running, pauses not counted, after which it is ended.",
    example: 3600,
  }),
  max_output: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional().openapi({
    description:
      "Bytes that it may write to each output; at more it is ended, and `failed`. Default: `--max-output`, " +
      "which is 1 GiB if the server was not told otherwise.",
    example: 1_048_576,
  }),
  limits: LimitsSchema.optional(),
  sandbox: SandboxSchema.optional(),
};

/** Kept apart from all else that is known of a job. */
export const secretEnv = EnvSchema.optional().openapi({
  description:
    "Variables whose values nobody sees again: they are in no answer, no log and no index, and removed from " +
    "the disk once the job has started for the last time. The job itself, what it prints them to, and whoever may look at " +
    "its processes see them.",
  example: { DEPLOY_KEY: "s3cret" },
});

/** A variable is secret or it is not. */
export function checkSecrets(
  { env, secret_env }: { env?: Record<string, string>; secret_env?: Record<string, string> },
  context: z.RefinementCtx,
): void {
  for (const name of Object.keys(secret_env ?? {})) {
    if (!Object.hasOwn(env ?? {}, name)) continue;
    context.addIssue({ code: "custom", path: ["secret_env", name], message: "It is in env already" });
  }
}

/** A command is given in one way. `wanted`: one has to be given. */
export function checkCommand(
  { command, argv }: { command?: unknown; argv?: unknown },
  context: z.RefinementCtx,
  wanted: boolean,
): void {
  if (wanted && command === undefined && argv === undefined) {
    context.addIssue({ code: "custom", path: ["command"], message: "Send one of command and argv" });
  }
  if (command !== undefined && argv !== undefined) {
    context.addIssue({ code: "custom", path: ["argv"], message: "Send only one of command and argv" });
  }
}
