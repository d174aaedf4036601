/** `stint completion`: scripts that let a shell complete commands. */

import type { Call, Command } from "../command.ts";
import { SCRIPTS } from "../completion/scripts.ts";
import { usage } from "../errors.ts";
import { nearest } from "../suggest.ts";

const SHELLS = Object.keys(SCRIPTS);

export const command: Command = {
  description:
    "Prints a script for bash, zsh or fish that completes commands and options, and jobs, queues, keys and files by " +
    "asking the server; without a server only those are missing.",
  arguments: [{ name: "shell", help: SHELLS.join(", "), values: SHELLS }],
  examples: [
    { line: 'eval "$(stint completion bash)"', does: "in ~/.bashrc" },
    { line: 'eval "$(stint completion zsh)"', does: "in ~/.zshrc, after compinit" },
    { line: "stint completion fish > ~/.config/fish/completions/stint.fish", does: "once" },
  ],
  run({ args: [shell], session }: Call) {
    const script = Object.hasOwn(SCRIPTS, shell!) ? SCRIPTS[shell!] : undefined;
    if (script === undefined) {
      const near = nearest(shell!, SHELLS);
      throw usage(
        `there is no completion for ${shell}`,
        near ? `Did you mean ${near}?` : `There is one for ${SHELLS.join(", ")}.`,
      );
    }
    if (session.json) session.out.json({ shell, script });
    else session.out.print(script.trimEnd());
    return Promise.resolve();
  },
};
