/** What has arrived of a file whose upload may be gone on with. */

export interface PartialUpload {
  /** The id of the worker that began it. */
  id: string;
  /** What the file is to be called. */
  name: string;
  /** Size of the whole in bytes, where it is known. */
  total: number | null;
  /** When it was begun; milliseconds since the epoch. */
  created: number;
  /** When it was last begun, gone on with or broken off; milliseconds since the epoch. */
  touched: number;
  /** The worker that brings more of it; null while none does. */
  worker: string | null;
}

/** When it is forgotten if nobody goes on with it; null: never. `keepMs`: how long it is kept, in milliseconds. */
export function expiryOf({ touched }: PartialUpload, keepMs: number): number | null {
  return Number.isFinite(keepMs) ? touched + keepMs : null;
}
