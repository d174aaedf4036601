/** Whether what a job is to be kept from can be done here. */

import { Problem } from "../../domain/errors.ts";
import type { JobSpec } from "../../domain/job.ts";
import type { JobContext } from "./context.ts";

/** Almost no job does, and none of these others is to wait for anything. */
export function asksForConfinement({ limits, sandbox }: JobSpec): boolean {
  return limits !== undefined || sandbox !== undefined;
}

/** @throws {Problem} `invalid_request` for limits above the server's, or a sandbox that is not to be had. */
export async function confinable(context: JobContext, spec: JobSpec): Promise<void> {
  const objection = await context.processes.objection(spec);
  if (objection) throw new Problem("invalid_request", `${objection.detail}.`, { errors: [objection] });
}
