/**
 * The power goes while 16 writers write: a run is recorded once, and then many cuts of it are made up and opened.
 * Needs `strace`, which .ci/run fetches.
 */

import { equal, ok } from "node:assert/strict";
import { openStore } from "../../lib/store/open.ts";
import { rounds } from "./support/rounds.ts";
import { leaveBehind, seeded } from "./support/power_cut.ts";
import { hasStrace } from "./support/strace.ts";
import { type Operation, readTrace, TRACED } from "./support/trace.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const PROGRAM = new URL("./support/writer_process.ts", import.meta.url).pathname;
const WRITES = 2500;
/** Cuts made up out of one recorded run. */
const CUTS = rounds(40);

Deno.test({
  name: "a power cut at any moment loses nothing that was acknowledged, and leaves no write half there",
  ignore: !hasStrace,
  async fn() {
    const operations = await record("FULL", "both");
    const checkpoints = syncsOf(operations, "stint.db");
    ok(checkpoints > 1, `the log was taken into the database only ${checkpoints} times`);
    const journaled = syncsOf(operations, "journal");
    ok(journaled > 20, `the journal was synced only ${journaled} times`);
    const random = seeded(Date.now());
    for (let i = 0; i < CUTS; i++) equal(await lossAt(operations, 1 - random() ** 2, random), undefined);
  },
});

for (const [what, where] of [["pairs", "database"], ["singles", "journal"]] as const) {
  Deno.test({
    name: `with synchronous=NORMAL a power cut does lose what was acknowledged in the ${where}: the test would see it`,
    ignore: !hasStrace,
    async fn() {
      const operations = await record("NORMAL", what);
      const random = seeded(1);
      const losses = [];
      for (let i = 0; i < 20; i++) losses.push(await lossAt(operations, random(), random));
      ok(losses.some((loss) => loss !== undefined), "nothing was lost in 20 cuts");
    },
  });
}

async function record(synchronous: "FULL" | "NORMAL", what: "pairs" | "singles" | "both"): Promise<Operation[]> {
  await using root = await tempDir();
  const directory = `${root.path}/data`;
  const trace = `${root.path}/trace`;
  const { success, stderr } = await new Deno.Command("strace", {
    args: ["-f", "-qq", "-xx", "-s", "1048576", "-e", `trace=${TRACED}`, "-o", trace].concat(
      [Deno.execPath(), "run", "--no-prompt", "--allow-all", PROGRAM, directory, synchronous, String(WRITES), what],
    ),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  ok(success, new TextDecoder().decode(stderr));
  return readTrace(lines(await Deno.readFile(trace)), directory);
}

/** What a cut after that share of the operations loses, in words; undefined when nothing is lost. */
async function lossAt(operations: Operation[], share: number, random: () => number): Promise<string | undefined> {
  // Before the store is made there is nothing to lose.
  const first = operations.findIndex(({ op }) => op === "say");
  const cut = first + Math.floor(share * (operations.length - first));
  const { acknowledged, version } = spoken(operations.slice(0, cut));
  const { acknowledged: later } = spoken(operations, "put");
  await using directory = await tempDir({ inMemory: true });
  await leaveBehind(operations, cut, directory.path, random);
  let store;
  try {
    store = await openStore({ directory: directory.path });
  } catch (error) {
    return `cut at ${cut} of ${operations.length}: ${error}`;
  }
  try {
    if (store.version() < version) return `cut at ${cut}: version ${version} is now ${store.version()}`;
    for (const [pair, n] of acknowledged) {
      const keys = pair.startsWith("c") ? [pair, pair] : [`a${pair}`, `b${pair}`];
      const [a, b] = await Promise.all(keys.map(async (key) => {
        const found = await store.keys.get(key, Date.now());
        return found && Number.parseInt(new TextDecoder().decode(found.value.value), 10);
      }));
      if (a !== b) return `cut at ${cut}: pair ${pair} is half there: ${a} and ${b}`;
      if (a === undefined || a < n || a > later.get(pair)!) {
        return `cut at ${cut}: pair ${pair} is ${a} instead of ${n}`;
      }
    }
    return undefined;
  } finally {
    await store.close();
  }
}

/** The last number of each pair that was said to be acknowledged (or about to be written), and the highest version. */
function spoken(operations: Operation[], word = "ok"): { acknowledged: Map<string, number>; version: number } {
  const acknowledged = new Map<string, number>();
  let version = 0;
  for (const operation of operations) {
    if (operation.op !== "say") continue;
    const [said, pair, n, at] = operation.text.trim().split(" ");
    if (said !== word) continue;
    acknowledged.set(pair!, Number(n));
    version = Math.max(version, Number(at ?? 0));
  }
  return { acknowledged, version };
}

function syncsOf(operations: Operation[], name: string): number {
  const renamed = operations.find((operation) => operation.op === "rename" && operation.to.endsWith(`/${name}`));
  const path = renamed?.op === "rename" ? renamed.from : undefined;
  const created = operations.find((operation) =>
    operation.op === "create" && (path ? operation.path === path : operation.path.endsWith(`/${name}`))
  );
  const file = created?.op === "create" ? created.file : -1;
  return operations.filter((operation) => operation.op === "sync" && operation.file === file).length;
}

/** The lines of a text that is too long for one string. */
function* lines(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder();
  for (let start = 0, end; start < bytes.length; start = end + 1) {
    end = bytes.indexOf(10, start);
    if (end === -1) end = bytes.length;
    yield decoder.decode(bytes.subarray(start, end));
  }
}
