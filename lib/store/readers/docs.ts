/** Rows that hold a subject as JSON beside its version. */

import type { Versioned } from "../../services/ports/store.ts";

interface Row {
  version: number;
  doc: string;
}

export function one<T>(row: unknown): Versioned<T> | undefined {
  if (row === undefined) return undefined;
  const { version, doc } = row as Row;
  return { value: JSON.parse(doc), version };
}

export function all<T>(rows: unknown[]): Versioned<T>[] {
  return (rows as Row[]).map(({ version, doc }) => ({ value: JSON.parse(doc), version }));
}
