import { Problem } from "../../domain/errors.ts";
import { messageOf } from "../errors.ts";
import type { Refusal } from "../messages.ts";
import { isDiskFull } from "../sqlite_error.ts";

/** What the caller is told of a write that did not happen. */
export function refusal(error: unknown): Refusal {
  if (error instanceof Problem) return { outcome: "refused", code: error.code, message: error.message };
  return isDiskFull(error)
    ? {
      outcome: "refused",
      code: "storage_full",
      message: "The disk is full; nothing was changed. Make room, then try again.",
    }
    : { outcome: "refused", code: "storage_failed", message: `The store could not write: ${messageOf(error)}` };
}
