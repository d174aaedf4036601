/** What the marker says, as the one line that it consists of. */

import { crc32 } from "node:zlib";
import type { Version } from "../../services/ports/store.ts";

/** `open`: in use, or left behind by a kill. `suspect`: damage was found, and has to be looked for before going on. */
export type MarkerState = "open" | "closed" | "suspect";
const STATES: readonly string[] = ["open", "closed", "suspect"] satisfies MarkerState[];

export interface MarkerRecord {
  /** The identity of the database that it belongs to. */
  identity: string;
  /** The store's version after the last group of commits that was acknowledged. */
  version: Version;
  state: MarkerState;
}

/** Always the same length and within one sector, so that it is written over in place and never torn. */
export function encodeMarker({ identity, version, state }: MarkerRecord): Uint8Array<ArrayBuffer> {
  const text = `stint-marker 1 ${identity} ${String(version).padStart(16, "0")} ${state.padEnd(7)} `;
  return new TextEncoder().encode(`${text}${sumOf(text)}\n`);
}

/** Where the version stands in the line, and the checksum of all that is before it. */
const VERSION_AT = 52;
const SUM_AT = 77;

/** Changes the version in an encoded marker, in place: quicker than encoding it anew. */
export function setVersion(line: Uint8Array, version: Version): void {
  let rest = version;
  for (let at = VERSION_AT + 15; at >= VERSION_AT; at--) {
    const next = Math.floor(rest / 10);
    line[at] = 48 + rest - 10 * next;
    rest = next;
  }
  let sum = crc32(line.subarray(0, SUM_AT));
  for (let at = SUM_AT + 7; at >= SUM_AT; at--, sum >>>= 4) {
    const digit = sum & 15;
    line[at] = digit < 10 ? 48 + digit : 87 + digit;
  }
}

/** Undefined for what is not a marker. */
export function decodeMarker(line: string): MarkerRecord | undefined {
  const match = /^(stint-marker 1 ([0-9a-f-]{36}) (\d{16}) (\w+) +)([0-9a-f]{8})\n$/.exec(line);
  if (!match) return undefined;
  const [, text, identity, version, state, sum] = match as unknown as string[];
  if (sumOf(text!) !== sum || !STATES.includes(state!)) return undefined;
  return { identity: identity!, version: Number(version), state: state as MarkerState };
}

function sumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
