/** `stint completion`: scripts that let a shell complete commands. */

import type { Call, Command } from "../command.ts";
import { usage } from "../errors.ts";
import { nearest } from "../suggest.ts";

/** Each asks `stint __complete WORDS…`, whose last word is the one at the cursor, for one candidate a line: word, tab, help. */
const SCRIPTS: Record<string, string> = {
  bash: `# bash completion of stint
_stint() {
  local line words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  # What the shell splits at = and : belongs together.
  COMPREPLY=()
  while IFS= read -r line; do
    [ -n "$line" ] && COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(stint __complete "\${words[@]}" 2>/dev/null)
  if [ "\${#COMPREPLY[@]}" -eq 1 ] && [ "\${COMPREPLY[0]}" = ":files" ]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
  fi
}
complete -F _stint stint
`,
  zsh: `#compdef stint
_stint() {
  local line
  local -a candidates
  for line in "\${(@f)$(stint __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z "$line" ]] && continue
    if [[ "$line" = ":files" ]]; then
      _files
      return
    fi
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe -V stint candidates
}
if [ "$funcstack[1]" = "_stint" ]; then
  _stint
else
  compdef _stint stint
fi
`,
  fish: `# fish completion of stint
function __stint_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (stint __complete $words[2..-1] 2>/dev/null)
  if test "$found" = ":files"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c stint -f -a '(__stint_complete)'
`,
};
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
    session.out.print(script.trimEnd());
    return Promise.resolve();
  },
};
