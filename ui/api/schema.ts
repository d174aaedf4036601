/** Short names for what the contract speaks of. */

import type { components } from "../../openapi/types.ts";

type Schemas = components["schemas"];

export type Job = Schemas["Job"];
export type JobSummary = Schemas["JobSummary"];
export type JobState = Schemas["JobState"];
export type JobList = Schemas["JobList"];
export type Worker = Schemas["Worker"];
export type WorkerList = Schemas["WorkerList"];
export type Reservation = Schemas["Reservation"];
export type FileEntry = Schemas["File"];
export type FileList = Schemas["FileList"];
export type KeyEntry = Schemas["KeyEntry"];
export type KeyList = Schemas["KeyList"];
export type Queue = Schemas["Queue"];
export type QueueList = Schemas["QueueList"];
export type Session = Schemas["Session"];
export type Scope = Session["scopes"][number];
export type AuditEntry = Schemas["AuditEntry"];
export type ErrorEntry = Schemas["ErrorEntry"];
export type Problem = Schemas["Problem"];
