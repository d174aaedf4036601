/** Conditional requests on keys (RFC 9110, section 13). A key's entity tag is its version in quotes. */

import { Problem } from "../lib/domain/errors.ts";
import { type EtagCondition, ifMatchHolds, ifNoneMatchHolds, parseEtagCondition } from "../lib/domain/etag.ts";
import type { Expect, Version } from "../lib/services/ports/store.ts";

export interface Conditions {
  ifMatch?: EtagCondition;
  ifNoneMatch?: EtagCondition;
}

/** @throws {Problem} `invalid_request` for a malformed field. */
export function readConditions({ headers }: { headers: Headers }): Conditions {
  const ifMatch = headers.get("if-match");
  const ifNoneMatch = headers.get("if-none-match");
  return {
    ...(ifMatch !== null && { ifMatch: parseEtagCondition(ifMatch) }),
    ...(ifNoneMatch !== null && { ifNoneMatch: parseEtagCondition(ifNoneMatch) }),
  };
}

export function etagOfVersion(version: Version): string {
  return `"${version}"`;
}

/** What a read that found something at `etag` has to answer. */
export function judge({ ifMatch, ifNoneMatch }: Conditions, etag: string): "go on" | "failed" | "not modified" {
  if (ifMatch !== undefined && !ifMatchHolds(ifMatch, etag)) return "failed";
  return ifNoneMatch === undefined || ifNoneMatchHolds(ifNoneMatch, etag) ? "go on" : "not modified";
}

/** What a write expects to find. @throws {Problem} `invalid_request` for the one combination that cannot be checked. */
export function expectation({ ifMatch, ifNoneMatch }: Conditions): Expect {
  if (ifMatch === undefined) {
    if (ifNoneMatch === undefined) return { is: "any" };
    return ifNoneMatch === "*" ? { is: "absent" } : { is: "not_version", noneOf: versions(ifNoneMatch, true) };
  }
  if (ifMatch === "*") {
    if (ifNoneMatch === undefined) return { is: "present" };
    throw new Problem("invalid_request", "If-Match: * together with If-None-Match is not taken. Send one of them.");
  }
  const oneOf = versions(ifMatch, false);
  if (ifNoneMatch === undefined) return { is: "version", oneOf };
  const not = ifNoneMatch === "*" ? oneOf : versions(ifNoneMatch, true);
  return { is: "version", oneOf: oneOf.filter((version) => !not.includes(version)) };
}

/** The versions among entity tags; other tags match nothing here. Weak ones count only where comparison is weak. */
function versions(tags: string[], weak: boolean): Version[] {
  const pattern = weak ? /^(?:W\/)?"(\d{1,16})"$/ : /^"(\d{1,16})"$/;
  return tags.flatMap((tag) => pattern.exec(tag)?.slice(1).map(Number) ?? []);
}
