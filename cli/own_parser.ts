/** The commands that work on a server's own machine: `serve`, which is also what runs when none is named, and `token`. */

import { Command, CommanderError } from "commander";
import manifest from "../deno.json" with { type: "json" };
import { complaint, usage } from "./errors.ts";
import { EXIT } from "./exit_codes.ts";
import { plain } from "./terminal/plain.ts";
import { addToken } from "./token.ts";

/** Runs one of the two. Resolves with the exit code. */
export async function runOwnParser(args: readonly string[]): Promise<number> {
  let code: number = EXIT.ok;
  const asJson = args.includes("--json");
  const said = (text: string) => asJson ? `${complaint(usage(plainOf(text)), true)}\n` : oneLine(text);
  const program = new Command("stint").version(manifest.version).exitOverride()
    .configureOutput({ outputError: (text, write) => write(said(text)) });
  const done = (result: number) => code = result;
  // The service is large, and a token can be made without it.
  if (args[0] !== "token") (await import("./serve.ts")).addServe(program, done);
  addToken(program, done);
  for (const command of [...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
    command.exitOverride().copyInheritedSettings(program);
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return code;
}

/** `error: unknown option '--prot'\n(Did you mean --port?)` on one line. */
function oneLine(text: string): string {
  return `stint: ${plainOf(text)}\n`;
}

function plainOf(text: string): string {
  return plain(text.trim().replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " "));
}
