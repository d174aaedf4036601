/** A job as it is asked for, and as it is shown. */

import { z } from "@hono/zod-openapi";
import { FINAL_JOB_STATES, JOB_STATES } from "../lib/domain/job.ts";
import { cleanText, seconds, time } from "./scalars.ts";

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

export const JobSpecSchema = z.strictObject({
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
  grace: z.number().min(0).max(3600).default(5).openapi({ description: "Seconds between SIGTERM and SIGKILL." }),
  priority: z.int().min(-1000).max(1000).default(0).openapi({
    description: "Higher goes first; equal ones first come, first served.",
  }),
  max_output: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional().openapi({
    description:
      "Bytes that it may write to each output; at more it is ended, and `failed`. Default: `--max-output`, " +
      "which is 1 GiB if the server was not told otherwise.",
    example: 1_048_576,
  }),
}).superRefine((spec, context) => {
  if (spec.command === undefined && spec.argv === undefined) {
    context.addIssue({ code: "custom", path: ["command"], message: "Send one of command and argv" });
  }
  if (spec.command !== undefined && spec.argv !== undefined) {
    context.addIssue({ code: "custom", path: ["argv"], message: "Send only one of command and argv" });
  }
}).openapi("JobSpec", {
  oneOf: [{ required: ["command"] }, { required: ["argv"] }],
  example: { command: "cp /tmp/file /mnt/nfs/" },
});

export const JobStateSchema = z.enum(JOB_STATES).openapi("JobState", {
  description:
    "`queued`, `running`, `paused`; then one of `succeeded` (exit code 0), `failed` (any other, or it could " +
    "not start), `terminated` (asked for), `timed_out`, `lost` (its process vanished without a trace).",
  example: "running",
});
export const FinalJobStateSchema = z.enum(FINAL_JOB_STATES).openapi("FinalJobState", { example: "succeeded" });

/** What every view of a job shares: what was asked for, in a line, and where it stands. */
export const jobLine = {
  command: z.string().openapi({
    description: "The line, or `argv` quoted as a shell would take it.",
    example: "cp /tmp/file /mnt/nfs/",
  }),
  name: z.string().nullable().openapi({ example: "backup" }),
  labels: z.record(z.string(), z.string()).openapi({ example: { team: "backup" } }),
  created: time("When it was asked for."),
};

/** How a job ended; all null before. */
export const outcome = {
  exit_code: z.int().nullable().openapi({ description: "As the shell's `$?`; null when none is known.", example: 0 }),
  signal: z.string().nullable().openapi({ description: "The signal that ended it.", example: null }),
  error: z.string().nullable().openapi({
    description: "Why it could not start, was cancelled, lost, or ended for writing too much.",
    example: null,
  }),
};

export const started = time("When its process was started; null when it was not.").nullable();
export const stopping = z.boolean().openapi({
  description: "It is being ended: SIGTERM went out, SIGKILL follows after its grace.",
  example: false,
});
const url = (example: string) => z.string().openapi({ format: "uri-reference", example });

const summary = {
  job_id: z.int().openapi({ example: 45 }),
  ...jobLine,
  state: JobStateSchema,
  done: z.boolean().openapi({ example: false }),
  stopping,
  priority: z.int().openapi({ example: 0 }),
  worker_id: z.string().nullable().openapi({
    description: "The worker slot it was started in (`/job/new/{worker-id}`).",
    example: null,
  }),
  started,
  ended: time("When it ended; null before.").nullable(),
  duration: seconds("From start to end, pauses included; null before the end.").nullable(),
  ...outcome,
  url: url("/api/jobs/45"),
  status_url: url("/api/statuses/45"),
  result_url: url("/api/results/45").nullable().openapi({ description: "Null until there is a result." }),
};

export const JobSummarySchema = z.strictObject(summary).openapi("JobSummary", {
  description: "A job in a list.",
});

const maybeBytes = (description: string, example: number) => z.int().nullable().openapi({ description, example });

export const ResourcesSchema = z.strictObject({
  cpu_seconds: seconds("Processor time of its processes, in user and kernel mode; null when it is not known.", 0.012)
    .nullable(),
  memory_peak_bytes: maybeBytes(
    "The most memory that its processes were seen to have together; null when it was over before the first look, a " +
      "tenth of a second after its start.",
    5_242_880,
  ),
  input_bytes: z.int().openapi({ description: "Fed to its standard input.", example: 0 }),
  output_bytes: z.int().openapi({ description: "Printed, on both outputs.", example: 0 }),
  disk_read_bytes: maybeBytes("Read from storage, as last seen; what was in the page cache is not in it.", 0),
  disk_written_bytes: maybeBytes("Written to storage, as last seen.", 4096),
}).openapi("Resources", { description: "What the job took of the machine; of one that runs, so far." });

export const JobSchema = z.strictObject({
  ...summary,
  argv: z.array(z.string()).nullable().openapi({ example: null }),
  cwd: z.string().nullable().openapi({ example: null }),
  env: z.record(z.string(), z.string()).openapi({ example: {} }),
  stdin_bytes: z.int().openapi({ description: "Size of what is fed to its standard input.", example: 0 }),
  timeout: seconds("As asked for; null: no limit.", 3600).nullable(),
  grace: seconds("Between SIGTERM and SIGKILL.", 5),
  max_output: z.int().nullable().openapi({
    description: "Bytes that it may write to each output, as asked for; null: the server's limit.",
    example: null,
  }),
  paused: seconds("Spent paused since it started, a pause that still lasts included.", 0),
  resources: ResourcesSchema,
  stdout_url: url("/api/jobs/45/stdout"),
  stderr_url: url("/api/jobs/45/stderr"),
}).openapi("Job");
