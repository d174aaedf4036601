/** What keeps a command from doing its work, said so that the reader knows what to do next. */

import { EXIT } from "./exit_codes.ts";
import { plain, plainJson } from "./terminal/plain.ts";

export class CliError extends Error {
  override readonly name: string = "CliError";

  /** `message`: what is wrong. `hint`: what to do about it. */
  constructor(message: string, readonly code: number, readonly hint?: string) {
    super(message);
  }

  /** What more there is to say to programs. */
  details(): Record<string, unknown> {
    return {};
  }
}

/** The command line makes no sense. */
export function usage(message: string, hint?: string): CliError {
  return new CliError(message, EXIT.usage, hint);
}

/**
 * An error on one line of standard error: `stint: what is wrong. What to do.`, or for programs
 * `{"error":{"message":…,"hint":…,"exit_code":…}}`, with `status` and the server's `problem` where it refused.
 */
export function complaint(error: CliError, asJson: boolean): string {
  const { message, hint, code } = error;
  if (asJson) {
    return plainJson(JSON.stringify({ error: { message, hint, exit_code: code, ...error.details() } }));
  }
  const text = `${message}${/[.:!?]$/.test(message) ? "" : "."}${hint === undefined ? "" : ` ${hint}`}`;
  return `stint: ${plain(text.replaceAll(/\s*\n\s*/g, " "))}`;
}
