/** Why a store does not open, or does not answer. Each message says what to do about it. */

import { Problem } from "../domain/errors.ts";

/** Another process serves this directory. */
export class DirectoryInUse extends Error {
  override readonly name = "DirectoryInUse";

  /** `pid` is null when the other process has not written down its id yet. */
  constructor(readonly directory: string, readonly pid: number | null) {
    super(
      `The data directory ${directory} is in use by ${pid === null ? "another process" : `process ${pid}`}. ` +
        `Stop that one first, or give this one a directory of its own.`,
    );
  }
}

/** The database was written by a later release. */
export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew";

  constructor(readonly path: string, readonly found: number, readonly known: number) {
    super(
      `The database ${path} was written by a newer release (its schema is ${found}; this release knows up to ${known}). ` +
        `Start that release, or restore a copy made before the upgrade.`,
    );
  }
}

/** The database cannot be read as what it should be. */
export class DatabaseDamaged extends Error {
  override readonly name = "DatabaseDamaged";

  constructor(readonly path: string, readonly reason: string, cause?: unknown) {
    super(
      `The database ${path} is damaged: ${reason}. Restore a copy, or move it away and start once with --accept-data-loss.`,
      { cause },
    );
  }
}

/** The database is older than what was acknowledged, or is not the one that the marker beside it belongs to. */
export class DataLost extends Error {
  override readonly name = "DataLost";

  constructor(readonly path: string, readonly reason: string) {
    super(
      `The database ${path} lacks changes that were acknowledged: ${reason}. Put back its write-ahead log or a newer ` +
        `copy, or start once with --accept-data-loss to go on with what is there.`,
    );
  }
}

/** The disk failed to sync, or damage was found: nothing more may be acknowledged, the process has to end. */
export class Untrustworthy extends Error {
  override readonly name = "Untrustworthy";
  /** The database itself is not in order: the next start has to look through it. */
  readonly damaged: boolean;

  constructor(message: string, { cause, damaged = false }: { cause?: unknown; damaged?: boolean } = {}) {
    super(message, { cause });
    this.damaged = damaged;
  }
}

/** A row whose checksum does not match. Everything else goes on being answered. */
export function rowDamaged(kind: string, id: string | number): Problem {
  return new Problem(
    "storage_failed",
    `The stored ${kind} ${id} is damaged: its checksum does not match. ` +
      `${kind === "key" ? "Write it anew, or restore" : "Restore"} a copy of the database.`,
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
