import { Problem } from "../../domain/errors.ts";

/** Where a page ended: what the next one starts after. Opaque to clients. */
export type Position = (string | number)[];

/** `query`: whatever has to be the same for the position to make sense. */
export function writeCursor(query: unknown, position: Position): string {
  const bytes = new TextEncoder().encode(JSON.stringify([fingerprint(query), ...position]));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @throws {Problem} `invalid_request` when it is not a cursor of this query, with a position of these types. */
export function readCursor(query: unknown, cursor: string, ...types: ("string" | "number")[]): Position {
  const [print, ...position] = decode(cursor);
  const sound = print === fingerprint(query) && position.length === types.length &&
    position.every((part, i) => typeof part === types[i]);
  if (!sound) {
    throw new Problem("invalid_request", "The cursor is not one of this list's. Pass one back as it was given.", {
      errors: [{ pointer: "query/cursor", detail: "Not a cursor of this list with these filters and this sort." }],
    });
  }
  return position as Position;
}

function decode(cursor: string): unknown[] {
  try {
    const bytes = Uint8Array.from(
      atob(cursor.replaceAll("-", "+").replaceAll("_", "/")),
      (character) => character.charCodeAt(0),
    );
    const parts: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(parts) ? parts : [];
  } catch {
    // Not ours, whatever it is; the caller says so.
    return [];
  }
}

/** FNV-1a, 32 bits: against mix-ups, not against malice. */
function fingerprint(query: unknown): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(JSON.stringify(query))) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}
