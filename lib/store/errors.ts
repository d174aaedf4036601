/** Why a store does not open. Each message says what to do about it. */

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
    super(`The database ${path} is damaged: ${reason}; restore a copy or move it away.`, { cause });
  }
}
