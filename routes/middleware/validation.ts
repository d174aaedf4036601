/** What a contract's schema found wrong, as a problem with a pointer for each field. */

import type { ZodError } from "zod";
import { type ErrorCode, type FieldError, Problem } from "../../lib/domain/errors.ts";

/** The part of a request that was validated, as Hono names it. */
export type Target = "json" | "form" | "query" | "param" | "header" | "cookie";

/**
 * For `new OpenAPIHono({ defaultHook: throwInvalid })`.
 * @throws {Problem} when the request does not fit its schema: `invalid_id` for an id in the path, else `invalid_request`.
 */
export function throwInvalid(result: { target: string; success: boolean; error?: ZodError }): void {
  if (!result.success && result.error) throw problemOfZod(result.error, result.target as Target);
}

/** Pointers are RFC 6901 JSON pointers for a body, and `query/limit`-like for the rest. */
export function problemOfZod(error: ZodError, target: Target): Problem {
  const errors = error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ pointer: pointer(target, [...issue.path, key]), detail: unknown(target) }));
    }
    return [{ pointer: pointer(target, issue.path), detail: issue.message }];
  });
  const summary = errors.slice(0, 3).map((each) => `${each.pointer || "the body"}: ${each.detail}`).join("; ");
  const isId = target === "param" && error.issues.some(({ path }) => path[0] === "id");
  const code: ErrorCode = isId ? "invalid_id" : "invalid_request";
  return new Problem(code, errors.length > 3 ? `${summary}; and ${errors.length - 3} more` : summary, { errors });
}

function unknown(target: Target): string {
  return target === "query" ? "There is no such parameter" : "There is no such field";
}

function pointer(target: Target, path: readonly PropertyKey[]): string {
  const segments = path.map((each) => String(each).replaceAll("~", "~0").replaceAll("/", "~1"));
  if (target === "json") return segments.map((each) => `/${each}`).join("");
  return [target === "param" ? "path" : target, ...segments].join("/");
}
