import { deepEqual, equal, ok, throws } from "node:assert/strict";
import {
  type Change,
  changesOf,
  GroupEncoder,
  groupsIn,
  identityNumber,
  SECTOR,
} from "../../../lib/store/journal/group.ts";
import { following, Journal, readJournal } from "../../../lib/store/journal/journal.ts";
import { SyncTimes } from "../../../lib/store/journal/sync_times.ts";
import { Unapplied } from "../../../lib/store/journal/unapplied.ts";
import { HeldKey } from "../../../lib/store/key_cache.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const IDENTITY = identityNumber("one");
const bytes = (text: string) => new TextEncoder().encode(text);
const put = (key: string, text = key): Change => ({ key, value: bytes(text), expires: null, isNew: true });

function encoded(first: number, serial: number, ...changes: Change[]): { group: Uint8Array; padded: Uint8Array } {
  const encoder = new GroupEncoder();
  encoder.begin();
  for (const change of changes) encoder.add(change);
  return encoder.finish(first, serial, IDENTITY);
}

Deno.test("a group comes out as it went in, and fills whole sectors", () => {
  const changes: Change[] = [
    put("a", "привет"),
    { key: "b".repeat(255), value: bytes("x".repeat(1024)), expires: 1_700_000_000_123, isNew: false },
    { key: "c", value: null, expires: null, isNew: false },
    put("d", ""),
  ];
  const { group, padded } = encoded(7, 1, ...changes);
  equal(padded.length % SECTOR, 0);
  const [found, ...more] = groupsIn(group, IDENTITY);
  deepEqual(more, []);
  deepEqual([found!.first, found!.count], [7, 4]);
  deepEqual(changesOf(found!), changes);
});

Deno.test("a group of another database, or one in which any byte turned over, is none", () => {
  const { group } = encoded(7, 1, put("a"));
  throws(() => [...groupsIn(group, identityNumber("another"))], RangeError);
  for (let at = 0; at < group.length; at++) {
    const torn = group.slice();
    torn[at]! ^= 1;
    throws(() => [...groupsIn(torn, IDENTITY)], RangeError, `byte ${at}`);
  }
});

Deno.test("what is in a journal is read back, round and round, and goes on up to the first gap", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/journal`;
  deepEqual(await readJournal(path, IDENTITY), []);
  const journal = await Journal.open(path);
  const { size } = await Deno.stat(path);
  const value = "x".repeat(1000);
  // More than it has room for, in groups of different lengths.
  for (let version = 1; version <= 20_000; version++) {
    journal.write(encoded(version, version, put("k", value.slice(version % 1000))).padded);
  }
  journal.sync();
  journal.close();
  equal((await Deno.stat(path)).size, size);
  const groups = await readJournal(path, IDENTITY);
  const chain = following(groups, 19_000);
  equal(chain.length, 1000);
  deepEqual(changesOf(chain.at(-1)!), [put("k", value)]);
  deepEqual(following(groups, 20_000), []);
  deepEqual(following(groups, 1), [], "what was written over is not there");
});

Deno.test("of two groups for the same version the one that was written later counts", () => {
  const group = (first: number, serial: number, key: string) =>
    [...groupsIn(encoded(first, serial, put(key)).group.slice(), IDENTITY)][0]!;
  const chain = following([group(1, 2, "later"), group(1, 1, "failed"), group(2, 3, "next"), group(4, 4, "beyond")], 0);
  deepEqual(chain.map((each) => changesOf(each)[0]!.key), ["later", "next"]);
});

Deno.test("what has not been applied is there for readers and followers until it has", () => {
  const unapplied = new Unapplied();
  const held = (key: string, version: number) => new HeldKey(key, version, null, bytes(`${version}`));
  unapplied.add([held("a", 5), held("b", 6)], bytes("12"), SECTOR);
  unapplied.add([held("a", 7)], bytes("3"), SECTOR);
  equal(unapplied.get("a")?.version, 7);
  equal(new TextDecoder().decode(unapplied.bytes()), "123");
  const versions = (after: number, limit = 10) => unapplied.after(after, limit)?.map(({ version }) => version);
  deepEqual([versions(3), versions(4), versions(5, 1), versions(7)], [undefined, [5, 6, 7], [6], []]);
  const dropped: string[] = [];
  unapplied.applied(6, ({ key }) => dropped.push(key));
  deepEqual(dropped, ["b"], "a has changed since");
  deepEqual([unapplied.first, unapplied.size, unapplied.get("b")], [7, 1, undefined]);
  equal(new TextDecoder().decode(unapplied.bytes()), "3");
});

Deno.test("a journal has room until too much of it is not applied", () => {
  const unapplied = new Unapplied();
  let version = 0;
  while (unapplied.hasRoom) unapplied.add([new HeldKey("a", ++version, null, null)], bytes("x"), 64 * 1024);
  ok(version > 1 && unapplied.isMuch);
  unapplied.applied(version, () => {});
  ok(unapplied.hasRoom && !unapplied.isMuch);
});

Deno.test("the disk is waited for by few and while it is quick", () => {
  const times = new SyncTimes();
  equal(times.worthWaiting(1), true);
  equal(times.worthWaiting(64), false);
  times.add(20);
  equal(times.worthWaiting(1), false);
  for (let i = 0; i < 100; i++) times.add(0.05);
  equal(times.worthWaiting(1), true);
});
