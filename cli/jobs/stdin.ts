/** What is piped into a command. */

import { usage } from "../errors.ts";
import type { Output } from "../output.ts";

/** Milliseconds of silence after which somebody may wonder. */
const PATIENCE = 2_000;

/**
 * Whether something is piped in: a pipe, a socket or a file. A terminal and `/dev/null` are nothing to be read. A shell is
 * asked, which has the same standard input: older releases of the runtime do not know a pipe when they have one.
 */
export function hasInput(): boolean {
  if (Deno.stdin.isTerminal()) return false;
  const args = ["-c", "[ -p /dev/stdin ] || [ -f /dev/stdin ] || [ -S /dev/stdin ]"];
  return new Deno.Command("/bin/sh", { args, stdin: "inherit", stdout: "null", stderr: "null" }).outputSync().success;
}

/** All of standard input. */
export async function readInput(out: Output): Promise<Uint8Array<ArrayBuffer>> {
  const wonder = setTimeout(() => {
    out.note("stint: waiting for the end of standard input; with --no-stdin it is left alone");
  }, PATIENCE);
  try {
    return await new Response(Deno.stdin.readable).bytes();
  } finally {
    clearTimeout(wonder);
  }
}

/** All of standard input as text, which is what a job may be fed with. @throws {CliError} */
export async function readInputText(out: Output): Promise<string> {
  const bytes = await readInput(out);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw usage(
      "Standard input is not UTF-8 text, which is all that a job is fed with",
      "`stint put` stores bytes as a file.",
    );
  }
}
