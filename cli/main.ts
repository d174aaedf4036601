/** Finds the command that the command line names and runs it. */

import { Command, CommanderError } from "commander";
import manifest from "../deno.json" with { type: "json" };
import { addServe } from "./serve.ts";
import { addToken } from "./token.ts";

/** Exit code for a command line that makes no sense. */
const USAGE = 2;

/** Runs one command. `args`: without the program's own name. Resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command("stint")
    .description("A host for long work: commands, transfers, held requests and durable keys over HTTP.")
    .version(manifest.version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) });
  addServe(program, (result) => code = result);
  addToken(program, (result) => code = result);
  // Most people never name a command: what they can say is the default one's.
  program.addHelpText("after", () => `\n${program.commands[0]!.helpInformation()}`);
  for (const command of [...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
    command.exitOverride().copyInheritedSettings(program);
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : USAGE;
  }
  return code;
}

/** `error: unknown option '--prot'\n(Did you mean --port?)` on one line. */
function oneLine(text: string): string {
  return `${text.trim().replace(/^error: /, "stint: ").replaceAll(/\s*\n\s*/g, " ")}\n`;
}
