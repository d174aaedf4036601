/** A key of document 004 and what may be kept under it. */

export const KEY_PATTERN = /^[A-Za-z0-9]{1,255}$/;
export const MAX_VALUE_BYTES = 1024;

export interface KeyRecord {
  key: string;
  /** Valid UTF-8, at most {@link MAX_VALUE_BYTES}. */
  value: Uint8Array;
  /** Milliseconds since the epoch; null: never. */
  expires: number | null;
}
