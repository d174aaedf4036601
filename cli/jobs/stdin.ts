/** What is piped into a command. */

import { usage } from "../errors.ts";
import type { Output } from "../output.ts";
import { size } from "./times.ts";

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

/** All of standard input. @throws {CliError} once it is more than `most` bytes: it may never end. */
export async function readInput(out: Output, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const wonder = setTimeout(() => {
    out.note("stint: waiting for the end of standard input; with --no-stdin it is left alone");
  }, PATIENCE);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for await (const part of Deno.stdin.readable) {
      clearTimeout(wonder);
      parts.push(part as Uint8Array<ArrayBuffer>);
      length += part.length;
      if (length > most) throw usage(`Standard input is more than ${size(most)}, the most that can be sent`);
    }
    return await new Blob(parts).bytes() as Uint8Array<ArrayBuffer>;
  } finally {
    clearTimeout(wonder);
  }
}

/** The most that `serve --max-body` can be set to. */
const MOST_TEXT = 256 * 1024 * 1024;

/** All of standard input as text, which is what a job may be fed with. @throws {CliError} */
export async function readInputText(out: Output): Promise<string> {
  const bytes = await readInput(out, MOST_TEXT);
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
