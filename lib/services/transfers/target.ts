/** Whether a file may be put under a name. */

import { Problem } from "../../domain/errors.ts";
import { type EtagCondition, ifMatchHolds, ifNoneMatchHolds } from "../../domain/etag.ts";
import type { FileRecord } from "../../domain/file.ts";
import type { Versioned } from "../ports/store.ts";
import type { TransfersContext } from "./context.ts";

export interface TargetConditions {
  /** A file of that name may be replaced. `ifMatch` implies it. */
  replace?: boolean;
  ifMatch?: EtagCondition;
  ifNoneMatch?: EtagCondition;
}

/** A strong entity tag: the same bytes have the same one. */
export function etagOf(record: FileRecord): string {
  return `"${record.sha256}"`;
}

/**
 * What is known of the file that would be replaced.
 * @throws {Problem} `file_exists`, `precondition_failed`.
 */
export async function checkTarget(
  { store, area }: TransfersContext,
  name: string,
  conditions: TargetConditions,
): Promise<Versioned<FileRecord> | undefined> {
  const found = await store.files.get(name);
  checkConditions(name, found?.value, conditions);
  const there = await area.stat(name);
  if (there && !there.isFile) throw exists(name, "Something that is not a file has that name. Choose another.");
  if ((found || there) && !conditions.replace && !conditions.ifMatch) {
    throw exists(name, "Send ?replace=true or If-Match to replace it, or choose another name.");
  }
  return found;
}

/** @throws {Problem} `precondition_failed`. */
export function checkConditions(name: string, record: FileRecord | undefined, conditions: TargetConditions): void {
  const etag = record ? etagOf(record) : null;
  const { ifMatch, ifNoneMatch } = conditions;
  if ((ifMatch && !ifMatchHolds(ifMatch, etag)) || (ifNoneMatch && !ifNoneMatchHolds(ifNoneMatch, etag))) {
    const state = etag ? `its ETag is ${etag}` : "there is none";
    throw new Problem("precondition_failed", `The condition on file ${JSON.stringify(name)} does not hold: ${state}.`);
  }
}

export function exists(name: string, wayOut: string): Problem {
  return new Problem("file_exists", `File ${JSON.stringify(name)} exists. ${wayOut}`);
}
