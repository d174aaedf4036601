/** Runs every benchmark, or those named: `deno task bench`, `deno task bench jobs_http keys_http`. */

import { AIM } from "./lib/aims.ts";

/** With the arguments that keep a run of all of them to some minutes; named ones run in full length. */
const ALL: Record<string, string[]> = {
  jobs_http: [],
  process_start: ["200"],
  loop_lag: [],
  watching: [],
  keys: [],
  keys_many: ["1000000"],
  store_commit: ["2"],
  store_lists: ["100000"],
  long_history: ["100000"],
  queue_pick: ["20000", "20000"],
  cli_start: ["7"],
  dashboard: ["100000"],
};

const names = Deno.args.length > 0 ? Deno.args : Object.keys(ALL);
for (const name of names) {
  if (Object.hasOwn(ALL, name)) continue;
  console.error(`There is no benchmark ${name}; there are ${Object.keys(ALL).join(", ")}.`);
  Deno.exit(2);
}

const gigabytes = Math.round(Deno.systemMemoryInfo().total / 1e9);
console.log(`Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} processors, ${gigabytes} GB of memory`);
const aims: string[] = [];
const failed: string[] = [];
for (const name of names) {
  console.log(`\n## ${name}\n`);
  const { success, text } = await run(name, Deno.args.length > 0 ? [] : ALL[name]!);
  if (!success) failed.push(name);
  aims.push(...text.split("\n").filter((line) => line.startsWith(AIM)).map((line) => line.slice(AIM.length + 1)));
}
console.log("\n## Aims\n");
for (const aim of aims) console.log(`- ${aim}`);
if (failed.length > 0) {
  console.error(`\nThese did not run to their end: ${failed.join(", ")}.`);
  Deno.exit(1);
}

/** Runs one as a process of its own, so that none profits or suffers from another's memory, and shows what it prints. */
async function run(name: string, words: string[]): Promise<{ success: boolean; text: string }> {
  const script = new URL(`./${name}.ts`, import.meta.url).href;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--unstable-no-legacy-abort", "--allow-all", script, ...words],
    stdout: "piped",
  }).spawn();
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    await Deno.stdout.write(new TextEncoder().encode(part));
  }
  return { success: (await child.status).success, text };
}
