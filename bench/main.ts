/** Runs every benchmark, or those named: `deno task bench`, `deno task bench keys process_start`. */

const ALL = ["store_commit", "store_lists", "keys", "keys_many", "process_start"];

for (const name of Deno.args.length > 0 ? Deno.args : ALL) {
  if (!ALL.includes(name)) {
    console.error(`There is no benchmark ${name}; there are ${ALL.join(", ")}.`);
    Deno.exit(2);
  }
  console.log(`\n## ${name}\n`);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--unstable-no-legacy-abort",
      "--allow-all",
      new URL(`./${name}.ts`, import.meta.url).href,
    ],
  }).output().then((output) => {
    Deno.stdout.writeSync(output.stdout);
    Deno.stderr.writeSync(output.stderr);
    return output;
  });
  if (!success) Deno.exit(1);
}
