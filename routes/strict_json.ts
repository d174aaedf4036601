/**
 * JSON that means one thing to everybody who reads it. RFC 8259, section 4, leaves open what a name means that stands in
 * an object twice: the last value counts for the runtime, the first for others, and what was checked need not be what is
 * done. So it is refused, as I-JSON has it (RFC 7493, section 2.3).
 */

import { type FieldError, Problem } from "../lib/domain/errors.ts";

/** What is read over: a whole string, or one of the signs that make the structure. */
const TOKEN = /"(?:[^"\\]+|\\.)*"|[{}[\],]/g;

/** An object or array that the reader is in. */
interface Level {
  /** Names so far; undefined in an array. */
  names: Set<string> | undefined;
  /** Where it is in there: a name, or the place in an array. */
  at: string | number;
}

/**
 * The value of a JSON text.
 * @throws {SyntaxError} when it is none.
 * @throws {Problem} `invalid_request`, with a pointer, for a name that stands in an object twice, and for `__proto__`,
 * which means something else to the objects that it would be read into.
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const fault = faultIn(text);
  if (fault) throw new Problem("invalid_request", `${fault.pointer}: ${fault.detail}`, { errors: [fault] });
  return value;
}

/** The first name that may not stand where it does, in a text that is JSON. Without recursion: it may be any depth. */
function faultIn(text: string): FieldError | undefined {
  const levels: Level[] = [];
  let expectName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === "{") {
      levels.push({ names: new Set(), at: "" });
      expectName = true;
    } else if (token === "[") {
      levels.push({ names: undefined, at: 0 });
      expectName = false;
    } else if (token === "}" || token === "]") {
      levels.pop();
      expectName = false;
    } else if (token === ",") {
      expectName = level!.names !== undefined;
      if (typeof level!.at === "number") level!.at++;
    } else if (expectName) {
      expectName = false;
      const name: string = JSON.parse(token);
      level!.at = name;
      const detail = wrongWith(name, level!.names!);
      if (detail) return { pointer: pointerTo(levels), detail };
      level!.names!.add(name);
    }
  }
}

function wrongWith(name: string, before: Set<string>): string | undefined {
  if (name === "__proto__") return "No field can be called so";
  if (before.has(name)) return "It stands there twice. Send it once";
}

/** A JSON pointer (RFC 6901); of one that is deep, its end. */
function pointerTo(levels: readonly Level[]): string {
  return levels.slice(-32).map(({ at }) => `/${String(at).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
