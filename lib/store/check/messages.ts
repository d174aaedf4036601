/** What goes between the store and the thread that checks. */

export interface ToCheck {
  path: string;
}

export type FromCheck =
  /** `faults`: of the structure. `rows`: those whose checksum does not match. */
  | { type: "done"; faults: string[]; rows: string[] }
  | { type: "failed"; reason: string };
