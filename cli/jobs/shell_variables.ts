/** Variables of the shell that this was called from. */

/** Prints each variable that is named: `x` and its value where it is set, nothing where it is not; NUL behind each. */
const PRINT = 'for name in "$@"; do eval "value=\\${$name+x}\\${$name-}"; printf "%s\\0" "$value"; done';

/**
 * The values of variables, by name; those that are not set are not in it. This program may read only the few variables that
 * concern it, so a shell, which is given all of them, is asked. `names`: letters, digits and `_` only.
 */
export async function shellVariables(names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", PRINT, "sh", ...names], stdin: "null" }).output();
  const values = new TextDecoder().decode(stdout).split("\0");
  return new Map(names.flatMap((name, i) => values[i]!.startsWith("x") ? [[name, values[i]!.slice(1)]] : []));
}
