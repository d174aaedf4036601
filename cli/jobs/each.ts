/** Does the same to several things, and goes on where one fails. */

import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { Output } from "../output.ts";

/** Each in its turn; what fails is said, and the first failure's code is the exit code. */
export async function each<T>(out: Output, things: readonly T[], act: (thing: T) => Promise<void>): Promise<number> {
  let code: number = EXIT.ok;
  for (const thing of things) {
    try {
      await act(thing);
    } catch (error) {
      // One alone is complained of as usual.
      if (!(error instanceof CliError) || things.length === 1 || error.code === EXIT.unreachable) throw error;
      out.note(`stint: ${error.message}`);
      if (code === EXIT.ok) code = error.code;
    }
  }
  return code;
}
