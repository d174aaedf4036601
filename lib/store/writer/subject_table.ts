/** Where one kind of subject is kept, as the writer uses it. */

import type { Version } from "../../services/ports/store.ts";

/** What is there now. `live` is false for what has expired and only waits to be removed. */
export interface Found {
  version: Version;
  live: boolean;
  /** It is not as it was written: nothing that depends on what was there can be answered. */
  damaged?: boolean;
}

export interface SubjectTable<Id, Value, Here extends Found = Found> {
  find(id: Id, at: number): Here | undefined;
  /**
   * Why the value cannot be put there, or (null) what is there not removed, although the expectation holds: the version
   * of what stands in the way.
   */
  obstacle?(id: Id, value: Value | null): Version | undefined;
  put(id: Id, value: Value, version: Version, before: Here | undefined): void;
  remove(id: Id, before: Here): void;
  /** The value as the feed keeps it, and when it expires. */
  encode(value: Value): { body: string | Uint8Array; expires: number | null };
}
