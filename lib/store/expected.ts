import type { Expect, Version } from "../services/ports/store.ts";

/** Whether a subject that is at `version` (null: not there) is what was expected. */
export function expected(expect: Expect, version: Version | null): boolean {
  switch (expect.is) {
    case "any":
      return true;
    case "absent":
      return version === null;
    case "present":
      return version !== null;
    case "version":
      return version !== null && expect.oneOf.includes(version);
    case "not_version":
      return version === null || !expect.noneOf.includes(version);
  }
}
