/** What a stored file may be called. */

import { Problem } from "./errors.ts";

/** The directory beside the stored files in which unfinished ones lie; no file may be called so. */
export const PARTIAL_DIRECTORY = ".partial";

/** File systems of Linux and macOS take no more. */
const MAX_NAME_BYTES = 255;

/**
 * Gives a plain file name back.
 * @throws {Problem} `invalid_file_name` for a path, an empty or overlong name, one with a NUL or half characters.
 */
export function checkFileName(name: string): string {
  const fault = faultOf(name);
  if (fault === undefined) return name;
  throw new Problem("invalid_file_name", `${JSON.stringify(name.slice(0, 300))} cannot be a file's name: ${fault}.`);
}

/** What is wrong with a name, for people; nothing when it is right. */
export function faultOf(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name === "." || name === "..") return "it means a directory";
  if (/[/\\]/.test(name)) return "it is a path, and only a plain name is taken";
  if (name.includes("\0")) return "it has a NUL in it";
  if (!name.isWellFormed()) return "it is not valid Unicode";
  if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) return `it is longer than ${MAX_NAME_BYTES} bytes`;
  // Without regard to case, as some file systems look at it.
  if (name.toLowerCase() === PARTIAL_DIRECTORY) return "that name is kept for unfinished uploads";
  return undefined;
}
