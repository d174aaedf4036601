/** The small schemas that all resources share: times, durations, numbers in a query, ids in a path. */

import { z } from "@hono/zod-openapi";

/** RFC 3339 with milliseconds and `Z`. */
export function time(description: string, example = "2026-08-19T15:31:42.201Z") {
  return z.string().openapi({ format: "date-time", description, example });
}

/** A duration as a number of seconds. */
export function seconds(description: string, example = 0.335) {
  return z.number().openapi({ description, example });
}

interface NumberFacts {
  description: string;
  minimum: number;
  maximum: number;
  example?: number;
  /** What is taken when it is not given; for the document only. */
  default?: number;
}

/** A whole number as it stands in a query or a path. Unlike `z.coerce` it takes no `""`, `1e3`, `0x10` or ` 5 `. */
export function integerText(facts: NumberFacts) {
  return numberText(/^\d{1,16}$/, `a whole number from ${facts.minimum} to ${facts.maximum}`, facts)
    .openapi({ ...facts, type: "integer" });
}

/** A number, decimals allowed, as it stands in a query. */
export function decimalText(facts: NumberFacts) {
  return numberText(/^\d{1,16}(\.\d{1,20})?$/, `a number from ${facts.minimum} to ${facts.maximum}`, facts)
    .openapi({ ...facts, type: "number" });
}

function numberText(pattern: RegExp, wanted: string, { minimum, maximum }: NumberFacts) {
  return z.string().transform((text, context) => {
    const value = pattern.test(text) ? Number(text) : NaN;
    if (value >= minimum && value <= maximum) return value;
    context.addIssue({ code: "custom", message: `Send ${wanted}` });
    return z.NEVER;
  });
}

/** `true` or `false` as it stands in a query. */
export function flagText(description: string) {
  return z.enum(["true", "false"], { error: "Send true or false" }).transform((text) => text === "true")
    .openapi({ type: "boolean", description, default: false });
}

/** Text that a process, a path or a header can carry: no NUL, no half of a surrogate pair. */
export function cleanText() {
  return z.string()
    .refine((text) => !text.includes("\0"), { error: "It must not contain NUL" })
    .refine((text) => text.isWellFormed(), { error: "It contains a lone surrogate, which is no character" });
}

/** The id of a job, and of its status and its result, in a path. */
export const idParams = z.object({
  id: integerText({
    description: "The job's id: an integer.",
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    example: 45,
  }),
});

/** For endpoints that take no query parameters: any is refused, so that no typo passes silently. */
export const noQuery = z.strictObject({});

export const pageQuery = {
  limit: integerText({ description: "How many at most.", minimum: 1, maximum: 1000, default: 100, example: 100 })
    .optional(),
  cursor: z.string().min(1).max(1024).optional().openapi({
    description: "Where to go on: taken from the `Link` header of the page before, together with its other parameters.",
  }),
};
