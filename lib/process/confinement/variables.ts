/**
 * How the variables of a job get past what confines it: under names that mean nothing to anybody, as `stint_given_1`
 * with the value `LD_PRELOAD=…`, until the last step before the command gives them their own. They are no arguments on
 * the way: what keeps a sandbox stays as long as the job does, and its arguments are every user's to read.
 */

import { quote } from "../quote.ts";

/** Longer ones are carried in two parts: with a longer name before it, a variable might be more than the system takes. */
const LONG = 40_000;

/** `NAME=VALUE` texts as they are to be exported, numbered from 1. */
export function carried(pairs: readonly string[]): string[] {
  return pairs.flatMap((pair, index) => {
    if (pair.length <= LONG) return [`stint_given_${index + 1}=${pair}`];
    // Not between the two halves of a character.
    const middle = /[\uD800-\uDBFF]/.test(pair[LONG - 1]!) ? LONG - 1 : LONG;
    return [`stint_given_${index + 1}=${pair.slice(0, middle)}`, `stint_more_${index + 1}=${pair.slice(middle)}`];
  });
}

/** Words of shell source before a command that is to have the {@link carried} variables; the first `odd` of them by `env`. */
export function revealWords(count: number, odd: number): string[] {
  return ["/bin/sh", "-c", quote(REVEAL_SCRIPT), "reveal", `"\${stint_env:-env}"`, String(count), String(odd)];
}

/**
 * `sh -c REVEAL_SCRIPT reveal ENV COUNT ODD WORD...` becomes the command WORD... with these variables, and with none
 * that it was itself given besides.
 */
const REVEAL_SCRIPT = `
stint_env=$1 stint_count=$2 stint_odd=$3
shift 3
unset PATH PWD OLDPWD SHLVL
while [ "$stint_count" -gt 0 ]; do
  eval "stint_pair=\\$stint_given_$stint_count\\$stint_more_$stint_count"
  unset "stint_given_$stint_count" "stint_more_$stint_count"
  if [ "$stint_count" -gt "$stint_odd" ]; then export "$stint_pair"; else set -- "$stint_pair" "$@"; fi
  stint_count=$((stint_count - 1))
done
[ "$stint_odd" -eq 0 ] || exec "$stint_env" -- "$@"
exec "$@"
`;
