/** What the contract says of jobs. */

import type { components } from "../../openapi/types.ts";

export type Job = components["schemas"]["Job"];
export type JobSummary = components["schemas"]["JobSummary"];
export type JobSpec = components["schemas"]["JobSpec"];
