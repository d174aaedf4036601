/** Entity tags and the conditions made of them (RFC 9110, sections 8.8.3 and 13). */

import { Problem } from "./errors.ts";

/** `*`, or entity tags as they are sent: `"abc"`, `W/"abc"`. */
export type EtagCondition = "*" | string[];

const TAG = /[ \t]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)/y;

/**
 * Reads an `If-Match` or `If-None-Match` field.
 * @throws {Problem} `invalid_request` when it is malformed.
 */
export function parseEtagCondition(field: string): EtagCondition {
  if (field.trim() === "*") return "*";
  const tags: string[] = [];
  TAG.lastIndex = 0;
  while (TAG.lastIndex < field.length) {
    const match = TAG.exec(field);
    if (!match) {
      throw new Problem(
        "invalid_request",
        `${JSON.stringify(field)} is not a list of entity tags. Send * or tags in quotes: "abc", "def".`,
      );
    }
    tags.push(match[1]!);
  }
  return tags;
}

/** Whether `If-Match` holds: strong comparison; `*` holds for whatever is there. `current` is null when nothing is. */
export function ifMatchHolds(condition: EtagCondition, current: string | null): boolean {
  if (current === null) return false;
  return condition === "*" || (!isWeak(current) && condition.includes(current));
}

/** Whether `If-None-Match` holds: weak comparison; `*` holds when nothing is there. */
export function ifNoneMatchHolds(condition: EtagCondition, current: string | null): boolean {
  if (current === null) return true;
  return condition !== "*" && !condition.some((tag) => opaque(tag) === opaque(current));
}

/**
 * Whether `If-Range` holds, so that `Range` counts. A date never does: it tells versions apart by whole seconds only,
 * and the whole is always a right answer.
 */
export function ifRangeHolds(field: string | null | undefined, current: string): boolean {
  return field === null || field === undefined || (!isWeak(current) && field.trim() === current);
}

function isWeak(tag: string): boolean {
  return tag.startsWith("W/");
}

function opaque(tag: string): string {
  return isWeak(tag) ? tag.slice(2) : tag;
}
