/** A job as it is asked for, and as it is shown. */

import { z } from "@hono/zod-openapi";
import { FINAL_JOB_STATES, JOB_STATES } from "../lib/domain/job.ts";
import { DEFAULT_GRACE, DEFAULT_PRIORITY } from "../lib/domain/job_edit.ts";
import { checkCommand, checkSecrets, grace, priority, runFields, secretEnv } from "./job_fields.ts";
import { ShownLimitsSchema, ShownSandboxSchema } from "./confinement.ts";
import { AfterConditionSchema, queueFields } from "./queue_fields.ts";
import { seconds, time } from "./scalars.ts";

const common = {
  ...runFields,
  secret_env: secretEnv,
  grace: grace.default(DEFAULT_GRACE),
  priority: priority.default(DEFAULT_PRIORITY),
};
const documented = {
  oneOf: [{ required: ["command"] }, { required: ["argv"] }],
  example: { command: "cp /tmp/file /mnt/nfs/" },
};

/** Fields that say nothing without another one. */
const BELONGING = { if: "after", retry_delay: "retries", backoff: "retries", max_retry_delay: "retries" } as const;

export const JobSpecSchema = z.strictObject({ ...common, ...queueFields }).superRefine((spec, context) => {
  checkCommand(spec, context, true);
  checkSecrets(spec, context);
  for (const [name, other] of Object.entries(BELONGING) as [keyof typeof BELONGING, "after" | "retries"][]) {
    if (spec[name] === undefined || spec[other] !== undefined) continue;
    context.addIssue({ code: "custom", path: [name], message: `It says nothing without ${other}` });
  }
}).openapi("JobSpec", documented);

/** A job that starts at once, in a slot that is there for it. */
export const WorkerJobSpecSchema = z.strictObject({ ...common, ...refused(queueFields) })
  .superRefine((spec, context) => {
    checkCommand(spec, context, true);
    checkSecrets(spec, context);
  }).openapi("WorkerJobSpec", documented);

function refused<F extends Record<string, unknown>>(fields: F) {
  const never = (name: string) => {
    const error = `A job in a worker slot starts at once, and once: it takes no ${name}. POST /api/jobs does`;
    return z.unknown().refine((value) => value === undefined, { error }).transform((): undefined => undefined)
      .optional()
      .openapi({ not: {}, description: "Not here: it starts at once, and once." });
  };
  return Object.fromEntries(Object.keys(fields).map((name) => [name, never(name)])) as {
    [Name in keyof F]: ReturnType<typeof never>;
  };
}

/** What a repetition may, or has to, be given. */
export const RerunSchema = z.strictObject({ secret_env: secretEnv }).openapi("Rerun", {
  example: { secret_env: { DEPLOY_KEY: "s3cret" } },
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
  queue: z.string().nullable().openapi({
    description: "The queue that it goes through; null for one that was started in a worker slot.",
    example: "default",
  }),
  waiting_until: time("Queued or held: it starts no earlier. Null when no time is waited for.").nullable(),
  waiting_for: z.array(z.int()).openapi({
    description: "Queued or held: the jobs whose end it still waits for.",
    example: [],
  }),
  attempt: z.int().min(1).openapi({
    description: "Which attempt this is, or (`queued`) will be. All that is said of a run is said of this one.",
    example: 1,
  }),
  rerun_of: z.int().nullable().openapi({ description: "The job that it repeats.", example: null }),
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

/** An attempt that is over and was not the last. */
const AttemptSchema = z.strictObject({
  attempt: z.int().min(1).openapi({ example: 1 }),
  state: z.enum(["failed", "timed_out", "lost"]).openapi({ example: "failed" }),
  started: time("When its process was started."),
  ended: time("When it ended."),
  duration: seconds("From start to end, pauses included."),
  paused: seconds("How much of it was spent paused.", 0),
  ...outcome,
  stdout_from: z.int().openapi({ description: "Where its part of the output begins, in bytes.", example: 0 }),
  stdout_to: z.int().openapi({ description: "Where that ends; the next attempt's begins there.", example: 17 }),
  stderr_from: z.int().openapi({ example: 0 }),
  stderr_to: z.int().openapi({ example: 0 }),
}).openapi("Attempt");

const maybeBytes = (description: string, example: number) => z.int().nullable().openapi({ description, example });

export const ResourcesSchema = z.strictObject({
  cpu_seconds: seconds("Processor time of its processes, in user and kernel mode; null when it is not known.", 0.012)
    .nullable(),
  memory_bytes: maybeBytes(
    "Memory that its processes have together, as last seen; null before that, and when it is over.",
    4_194_304,
  ),
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
  secret_env: z.record(z.string(), z.literal("***")).openapi({
    description: "The names of the variables whose values are secret.",
    example: {},
  }),
  stdin_bytes: z.int().openapi({ description: "Size of what is fed to its standard input.", example: 0 }),
  timeout: seconds("As asked for; null: no limit.", 3600).nullable(),
  grace: seconds("Between SIGTERM and SIGKILL.", 5),
  max_output: z.int().nullable().openapi({
    description: "Bytes that it may write to each output, as asked for; null: the server's limit.",
    example: null,
  }),
  limits: ShownLimitsSchema,
  sandbox: ShownSandboxSchema,
  paused: seconds("Spent paused since it started, a pause that still lasts included.", 0),
  resources: ResourcesSchema,
  start_at: time("As asked for.").nullable(),
  after: z.array(z.int()).openapi({ description: "As asked for.", example: [] }),
  if: AfterConditionSchema.nullable().openapi({ description: "How those have to end; null: there are none." }),
  retries: z.int().openapi({ description: "As asked for.", example: 0 }),
  retry_delay: seconds("Between the first attempt and the second.", 1).nullable(),
  backoff: z.number().nullable().openapi({ description: "What that is multiplied by each time.", example: 2 }),
  max_retry_delay: seconds("The longest that it grows to.", 3600).nullable(),
  attempts: z.array(AttemptSchema).openapi({ description: "The attempts before this one, oldest first.", example: [] }),
  stdout_url: url("/api/jobs/45/stdout"),
  stderr_url: url("/api/jobs/45/stderr"),
}).openapi("Job");
