/** What a client asked to be run, in the service's words. */

import type { z } from "zod";
import type { JobSpec } from "../lib/domain/job.ts";
import type { JobSpecSchema } from "../openapi/job_schemas.ts";

export function jobSpecOf({ max_output, ...same }: z.output<typeof JobSpecSchema>): JobSpec {
  return { ...same, ...(max_output !== undefined && { maxOutput: max_output }) };
}
