import assert from "node:assert/strict";
import { type AnyCommand, type CommandSpec, isFamily } from "../../../cli/command.ts";
import { parse } from "../../../cli/parse.ts";
import { REGISTRY } from "../../../cli/registry.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

/** A program that writes down the words it was called with, each ended by NUL, and all of them by another. */
const RECORDER = `#!/bin/sh
[ -t 0 ] || cat > /dev/null
{ printf '%s\\0' "$@"; printf '\\0'; } >> "$RECORD"
case $2 in -q | --quiet) echo 45 ;; esac
`;

async function examples(): Promise<string[]> {
  const commands: AnyCommand[] = await Promise.all(Object.values(REGISTRY).map(({ load }) => load()));
  const withMembers = (command: AnyCommand): AnyCommand[] => {
    return isFamily(command) ? [command, ...Object.values(command.commands)] : [command];
  };
  const all = commands.flatMap(withMembers);
  return all.flatMap((command) => command.examples.map(({ line }) => line));
}

async function specOf(words: string[]): Promise<[string, CommandSpec, string[]]> {
  const [name, ...others] = words;
  const command = await REGISTRY[name!]!.load();
  if (!isFamily(command)) return [name!, command, others];
  const sub = others[0] ?? command.fallback!;
  return [`${name} ${sub}`, command.commands[sub]!, others.slice(1)];
}

Deno.test("a shell takes every example of the help as it stands, and the command understands what it is given", async () => {
  await using directory = await tempDir();
  const record = `${directory.path}/record`;
  for (const program of ["stint", "jq", "less", "tar", "deploy"]) {
    await Deno.writeTextFile(`${directory.path}/${program}`, program === "stint" ? RECORDER : "#!/bin/sh\nexit 0\n", {
      mode: 0o755,
    });
  }
  await Deno.writeTextFile(`${directory.path}/list.txt`, "a\n");
  await Deno.mkdir(`${directory.path}/.config/fish/completions`, { recursive: true });
  for (const line of await examples()) {
    await Deno.writeTextFile(record, "");
    const env = { HOME: directory.path, RECORD: record, PATH: `${directory.path}:${Deno.env.get("PATH")}` };
    const { success, stderr } = await new Deno.Command("bash", {
      args: ["-c", line],
      cwd: directory.path,
      env,
      stdin: "null",
    })
      .output();
    assert.ok(success, `${line}: ${new TextDecoder().decode(stderr)}`);
    const calls = (await Deno.readTextFile(record)).split("\0\0").slice(0, -1);
    assert.ok(calls.length > 0, `${line}: calls nothing`);
    for (const call of calls) {
      const [name, spec, words] = await specOf(call.split("\0"));
      assert.doesNotThrow(() => parse(name, spec, words), line);
    }
  }
});
