/** Jobs as they are asked for, in the words of the domain. */

import type { z } from "zod";
import type { JobSpec } from "../lib/domain/job.ts";
import { type JobEdit, withSecrets } from "../lib/domain/job_edit.ts";
import { LIMIT_FIELDS, LIMIT_NAMES, type Limits } from "../lib/domain/confinement.ts";
import type { LimitsSchema } from "../openapi/confinement.ts";
import type { JobPatchSchema } from "../openapi/job_edit.ts";
import type { JobSpecSchema } from "../openapi/job_schemas.ts";

const WORDS = {
  start_at: "startAt",
  if: "condition",
  retry_delay: "retryDelay",
  max_retry_delay: "maxRetryDelay",
  max_output: "maxOutput",
} as const;

/** What is not said stays unsaid, so that equal requests have equal specifications. */
function inOurWords(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        WORDS[name as keyof typeof WORDS] ?? name,
        name === "limits" && value !== null ? limitsOf(value as LimitsBody) : value,
      ]),
  );
}

type LimitsBody = z.output<typeof LimitsSchema>;

function limitsOf(body: LimitsBody): Limits {
  return Object.fromEntries(
    LIMIT_NAMES.filter((name) => body[LIMIT_FIELDS[name]] !== undefined).map((
      name,
    ) => [name, body[LIMIT_FIELDS[name]]]),
  );
}

/** Without the values of `secret_env`, which go another way. */
export function jobSpecOf({ secret_env, ...body }: z.output<typeof JobSpecSchema>): JobSpec {
  return withSecrets(inOurWords(body) as unknown as JobSpec, secret_env);
}

export function jobEditOf({ state: _state, ...edit }: z.output<typeof JobPatchSchema>): JobEdit {
  return inOurWords(edit) as JobEdit;
}

/** A request as it may be remembered: of its secrets the names only, whose values could be guessed from a digest. */
export function withoutSecrets<B extends { secret_env?: Record<string, string> }>({ secret_env, ...body }: B): unknown {
  return secret_env === undefined ? body : { ...body, secret_env: Object.keys(secret_env).sort() };
}
