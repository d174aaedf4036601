/**
 * Scripts that let a shell complete commands. Each asks `stint __complete WORDS…`, whose last word is the one at the cursor,
 * for one candidate a line: word, tab, what it is. `:files` alone stands for the names of local files.
 */

/** What stands here is what the shell reads, but for the backslash that has to stand before `${`. */
function sh({ raw }: TemplateStringsArray): string {
  return raw.join("").replaceAll("\\${", "${");
}

const bash = sh`# bash completion of stint
_stint() {
  local i word line cur help glued= quote= words=() helps=()
  COMPREPLY=()
  # The shell splits words at = and : too; they are put together again, and freed of quotes.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((\${#words[@]})) && [[ -n $glued || $word == [=:]* ]]; then words[-1]+=$word; else words+=("$word"); fi
    [[ $word == *[=:] ]] && glued=1 || glued=
  done
  cur=\${words[-1]}
  [[ $cur == [\"\']* ]] && quote=1
  words=("\${words[@]//[\\\"\']/}")
  cur=\${words[-1]}
  # What stands before the last = or : stays as it is.
  cur=\${cur%"\${cur##*[=:]}"}
  while IFS= read -r line; do
    word=\${line%%$'\t'*}
    [[ $word == :files ]] && { compopt -o default 2>/dev/null; return; }
    word=\${word#"$cur"}
    if [[ -z $quote && $word == *[!A-Za-z0-9_.,:=/@%+-]* ]]; then
      printf -v word %q "$word"
    fi
    help=; [[ $line == *$'\t'* ]] && help=\${line#*$'\t'}
    COMPREPLY+=("$word"); helps+=("$help")
  done < <(stint __complete "\${words[@]}" 2>/dev/null)
  # Several that are only listed, after a second Tab, say what they are.
  if ((COMP_TYPE == 63 && \${#COMPREPLY[@]} > 1)); then
    for i in "\${!COMPREPLY[@]}"; do
      [[ -n \${helps[i]} ]] && COMPREPLY[i]+="  (\${helps[i]:0:COLUMNS - \${#COMPREPLY[i]} - 6})"
    done
  fi
}
complete -F _stint stint
`;

const zsh = sh`#compdef stint
_stint() {
  local line word help
  local -a asked candidates
  asked=("\${(@Q)words[2,CURRENT]}")
  for line in "\${(@f)$(stint __complete "\${(@)asked}" 2>/dev/null)}"; do
    [[ -z "$line" ]] && continue
    if [[ "$line" = ":files" ]]; then
      compset -P '--[a-z-]##='
      _files
      return
    fi
    word="\${line%%$'\t'*}"
    help="\${line#$word}"
    word="\${\${word//\\/\\\\}//:/\\:}"
    candidates+=("$word\${help:+:\${help#$'\t'}}")
  done
  _describe -V stint candidates
}
if [ "$funcstack[1]" = "_stint" ]; then
  _stint
else
  compdef _stint stint
fi
`;

const fish = sh`# fish completion of stint
function __stint_complete
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  set -l found (stint __complete $words[2..-1] (string unescape -- "$typed") 2>/dev/null)
  if test "$found" = ":files"
    set -l option (string match -r -- '^--[a-z-]+=' "$typed")
    for path in (__fish_complete_path (string replace -- "$option" "" "$typed"))
      printf '%s\n' "$option$path"
    end
  else if set -q found[1]
    printf '%s\n' $found
  end
end
complete -c stint -f -a '(__stint_complete)'
`;

export const SCRIPTS: Record<string, string> = { bash, zsh, fish };
