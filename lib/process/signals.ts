/** What a shell's exit code says of a signal. */

import { signalName } from "../domain/signal.ts";

/** SIGINT and SIGPIPE, of which dash says nothing when they end a command. */
const SILENT = new Set([2, 13]);

/**
 * The name of the signal that ended a command, by its exit code as the shell has it.
 *
 * A shell gives 128+n for a death by signal n, and for `exit 128+n`. With a command line nobody can tell the two apart
 * (the line's own shell reports its child's death in just that way), so the code decides. A program without a shell is
 * our shell's own child: `killed` says whether the shell remarked on a signal; only SIGINT and SIGPIPE go unremarked.
 */
export function signalOf(code: number, killed: boolean, direct: boolean): string | null {
  const number = code - 128;
  const name = number > 0 ? signalName(number) : undefined;
  if (!name) return null;
  return !direct || killed || SILENT.has(number) ? name : null;
}
