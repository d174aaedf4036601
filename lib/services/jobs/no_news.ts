import { Problem } from "../../domain/errors.ts";

/** Whether a change failed only because the job has moved on, or is gone, since somebody looked at it. */
export function isNoNews(error: unknown): boolean {
  return error instanceof Problem && (error.code === "invalid_transition" || error.code === "not_found");
}
