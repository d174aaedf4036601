/** What a job may take of the machine, and what of it it may see. */

import { z } from "@hono/zod-openapi";
import { cleanText } from "./scalars.ts";

const limit = (minimum: number, maximum: number, description: string, example: number) =>
  z.int().min(minimum).max(maximum).openapi({ description, example });

/** Smaller ones would keep a shell from starting. */
const fields = {
  memory_bytes: limit(
    4_194_304,
    Number.MAX_SAFE_INTEGER,
    "Bytes of memory: of all its processes together where its control group can hold them to it, else of the address " +
      "space of each.",
    1_073_741_824,
  ),
  cpu_seconds: limit(
    1,
    1_000_000_000,
    "Processor time of each of its processes; one that uses it up gets SIGXCPU.",
    600,
  ),
  open_files: limit(16, 1_048_576, "Files that each of its processes may have open.", 256),
  processes: limit(
    1,
    4_194_304,
    "Processes: its own where its control group can count them, else all that its user has (root is not counted).",
    64,
  ),
};

const described = {
  description:
    "Limits of this job; each that is not there is the server's (`--job-memory` and the like), or none. What " +
    "is more than the server's is 400.",
  example: { memory_bytes: 1_073_741_824, cpu_seconds: 600 },
};

const LimitFields = z.strictObject({
  memory_bytes: fields.memory_bytes.optional(),
  cpu_seconds: fields.cpu_seconds.optional(),
  open_files: fields.open_files.optional(),
  processes: fields.processes.optional(),
});

const path = cleanText().max(4096).refine((text) => text.startsWith("/") && !text.split("/").includes(".."), {
  error: "It must be an absolute path without `..`",
});

const SandboxFields = z.strictObject({
  network: z.boolean().default(false).openapi({ description: "Whether it reaches the network." }),
  write: z.array(path).max(64).default([]).openapi({
    description: "Absolute paths, of what is there, that it may write to.",
    example: ["/srv/build"],
  }),
});

export const LimitsSchema = LimitFields.openapi("JobLimits", described);
export const SandboxSchema = z.union([z.boolean(), SandboxFields]).openapi({
  description:
    "A room of its own (bubblewrap): the file system read only, `/tmp`, `/var/tmp` and `/run` empty and its " +
    "own, no other processes to be seen, no network and nothing to write to unless asked for. Default: the server's " +
    "(`--sandbox`), where it cannot be refused.",
  example: { network: false, write: ["/srv/build"] },
});

/** As asked for. */
export const ShownLimitsSchema = LimitFields.nullable().openapi({ description: "As asked for.", example: null });
export const ShownSandboxSchema = z.union([
  z.boolean(),
  z.strictObject({
    network: z.boolean(),
    write: z.array(z.string()),
  }),
]).nullable().openapi({ description: "As asked for; null: the server's.", example: null });
