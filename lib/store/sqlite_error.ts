/** SQLite's result codes (https://www.sqlite.org/rescode.html), as far as the store tells them apart. */

const FULL = 13;
/** The shared-memory file of the write-ahead log could not be made larger: the same as a full disk. */
const IOERR_SHMSIZE = 4874;
const IOERR_FSYNC = 1034;
const IOERR_DIR_FSYNC = 1290;
const CORRUPT = 11;
const NOTADB = 26;

/** The extended result code of an error thrown by `node:sqlite`; undefined for any other error. */
export function errcodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode : undefined;
}

/** `exec()` throws errors without a code, which are known by their text. Errors of the file system count too. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof Error && "code" in error && error.code === "ENOSPC") return true;
  const code = errcodeOf(error);
  if (code === undefined) return error instanceof Error && /disk is full/.test(error.message);
  return code === FULL || code === IOERR_SHMSIZE;
}

/** The same as SQLite's, found out before it was asked. */
export class DiskFull extends Error {
  readonly errcode = FULL;

  constructor() {
    super("database or disk is full");
  }
}

/** After a failed fsync nobody knows what is on disk, and a second one may pretend that all is well. */
export function isSyncFailure(error: unknown): boolean {
  const code = errcodeOf(error);
  return code === IOERR_FSYNC || code === IOERR_DIR_FSYNC;
}

export function isDamage(error: unknown): boolean {
  const code = errcodeOf(error);
  if (code === undefined) return error instanceof Error && /malformed|not a database/.test(error.message);
  return (code & 0xff) === CORRUPT || (code & 0xff) === NOTADB;
}
