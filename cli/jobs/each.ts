/** Does the same to several things, and goes on where one fails. */

import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { Output } from "../output.ts";

/** Each in its turn; what fails is said, and the first failure's code is the exit code. */
export async function each<T>(out: Output, things: readonly T[], act: (thing: T) => Promise<void>): Promise<number> {
  let code: number = EXIT.ok;
  for (const thing of things) {
    const result = await attempt(out, things, () => act(thing));
    if (code === EXIT.ok) code = result;
  }
  return code;
}

/** The same for all at once. */
export async function atOnce<T>(out: Output, things: readonly T[], act: (thing: T) => Promise<void>): Promise<number> {
  const codes = await Promise.all(things.map((thing) => attempt(out, things, () => act(thing))));
  return codes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

async function attempt(out: Output, things: readonly unknown[], act: () => Promise<void>): Promise<number> {
  try {
    await act();
    return EXIT.ok;
  } catch (error) {
    // One alone is complained of as usual.
    if (!(error instanceof CliError) || things.length === 1 || error.code === EXIT.unreachable) throw error;
    out.complain(error);
    return error.code;
  }
}
