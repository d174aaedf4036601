/** A file that was uploaded. */

export interface FileRecord {
  name: string;
  bytes: number;
  /** In hexadecimal. */
  sha256: string;
  /** When it was stored; milliseconds since the epoch. */
  created: number;
  /** The stored file's modification time in milliseconds, by which a change behind our back is noticed. */
  mtime: number;
}
