/** Bodies that are read as JSON whatever their `Content-Type` says. */

import type { z } from "zod";
import { Problem } from "../lib/domain/errors.ts";
import { problemOfZod } from "./middleware/validation.ts";
import { parseStrictJson } from "./strict_json.ts";

/**
 * Text as JSON that fits a schema.
 * @throws {Problem} `malformed_json`, or `invalid_request` with a pointer for each field that is wrong.
 */
export function parseAs<S extends z.ZodType>(schema: S, text: string, example: string): z.output<S> {
  const result = schema.safeParse(parseJson(text, example));
  if (!result.success) throw problemOfZod(result.error, "json");
  return result.data;
}

function parseJson(text: string, example: string): unknown {
  try {
    return parseStrictJson(text);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem("malformed_json", `The body cannot be read. Send ${example}.`, { cause });
  }
}
