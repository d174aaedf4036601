/** Signals by number and name. */

import { constants } from "node:os";

const NAMES = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals)) {
  // SIGIOT and SIGPOLL are other names of SIGABRT and SIGIO.
  if (!NAMES.has(number) && name !== "SIGIOT" && name !== "SIGPOLL") NAMES.set(number, name);
}

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
  const name = number > 0 ? NAMES.get(number) : undefined;
  if (!name) return null;
  return !direct || killed || SILENT.has(number) ? name : null;
}

/** Whether `name` is a signal that can be sent: `SIGTERM`, `SIGUSR1`. */
export function isSignal(name: string): boolean {
  return Object.hasOwn(constants.signals, name);
}
