/** What keeps a command from doing its work, said so that the reader knows what to do next. */

import { EXIT } from "./exit_codes.ts";

export class CliError extends Error {
  override readonly name = "CliError";

  /** `message`: what is wrong. `hint`: what to do about it. */
  constructor(message: string, readonly code: number, readonly hint?: string) {
    super(message);
  }
}

/** The command line makes no sense. */
export function usage(message: string, hint?: string): CliError {
  return new CliError(message, EXIT.usage, hint);
}
