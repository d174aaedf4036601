/** What is said of a field that does not fit its schema: what to send, in the words that the schemas themselves use. */

import { z } from "@hono/zod-openapi";

type Issue = z.core.$ZodRawIssue;

const KINDS: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** Makes {@link messageOf} speak for every schema; a schema's own message goes first. */
export function useMessages(): void {
  z.config({ customError: messageOf });
}

/** The message; undefined where the library's own is as good. */
export function messageOf(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return wrongKind(issue.expected, issue.input);
    case "invalid_value":
      return `Send ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return Array.isArray(issue.options) ? `Send one of ${issue.options.join(", ")}` : undefined;
    case "invalid_key":
      return `The name is not one that is taken: ${issue.issues[0]?.message}`;
    case "too_small":
      return outside(issue.origin, issue.minimum, issue.inclusive === false ? "more than" : "at least");
    case "too_big":
      return outside(issue.origin, issue.maximum, issue.inclusive === false ? "less than" : "at most");
  }
}

function wrongKind(expected: string, input: unknown): string | undefined {
  if (input === undefined) return "It is missing";
  // A parameter that is there twice arrives as a list.
  if (expected === "string" && Array.isArray(input)) return "Send one text, not several";
  const kind = KINDS[expected];
  return kind && `Send ${kind}`;
}

function outside(origin: string, limit: number | bigint, comparison: string): string {
  if (origin === "string") {
    return limit === 1 && comparison === "at least" ? "It is empty" : `Send ${comparison} ${limit} characters`;
  }
  if (origin === "array") return `Send ${comparison} ${limit} of them`;
  return `Send ${comparison} ${limit}`;
}
