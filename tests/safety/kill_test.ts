import { AssertionError, equal, ok } from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { type Service, startService } from "../helpers/service.ts";
import { rounds } from "./support/rounds.ts";

const WRITERS = 64;
const ROUNDS = rounds(6);

/** What a writer knows of its pair of keys. */
interface Pair {
  sent: number;
  acknowledged: number;
  /** The highest version that an acknowledgement named. */
  version: number;
}

Deno.test("64 writers killed at random moments lose nothing acknowledged, leave nothing half there, and versions grow", async () => {
  await using service = await startService();
  const fresh = () => Array.from({ length: WRITERS }, (): Pair => ({ sent: 0, acknowledged: 0, version: 0 }));
  // Those of one round are put together, which goes into the database; of the next one key by key, into the journal.
  const ways = [{ way: writePair, pairs: fresh(), halves: ["a", "b"] }, {
    way: writeSingle,
    pairs: fresh(),
    halves: ["c", "c"],
  }];
  let highest = 0;
  let total = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { way, pairs, halves } = ways[round % ways.length]!;
    const before = sumOf(pairs);
    const writing = pairs.map((pair, i) => write(way, service, i, pair, highest));
    const goal = before + Math.random() * 10 * WRITERS;
    await eventually("some are acknowledged", () => sumOf(pairs) > goal);
    await service.kill9();
    await Promise.all(writing);
    await service.start();
    highest = Math.max(highest, ...pairs.map(({ version }) => version));
    total += sumOf(pairs) - before;
    await Promise.all(pairs.map((pair, i) => check(service, i, pair, halves)));
  }
  ok(total > WRITERS, `only ${total} batches were acknowledged in ${ROUNDS} rounds`);
});

function sumOf(pairs: Pair[]): number {
  return pairs.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
}

/** Puts a number; gives the versions that it was answered with. */
type Way = (service: Service, i: number, n: number) => Promise<number[]>;

/** Writes over and over, each time the next number, until the connection breaks. */
async function write(way: Way, service: Service, i: number, pair: Pair, highest: number): Promise<void> {
  for (;;) {
    const n = ++pair.sent;
    let versions;
    try {
      versions = await way(service, i, n);
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      return;
    }
    for (const version of versions) {
      ok(version > highest && version > pair.version, `version ${version} after ${Math.max(highest, pair.version)}`);
      pair.version = version;
    }
    pair.acknowledged = n;
  }
}

async function writePair(service: Service, i: number, n: number): Promise<number[]> {
  const steps = ["a", "b"].map((half) => ({ op: "put", key: `${half}${i}`, value: `${n}` }));
  const answer = await service.call("POST", "/api/keys/batch", { json: { steps } });
  equal(answer.status, 200, answer.text);
  const versions = [...answer.text.matchAll(/"version":"?(\d+)/g)].map(([, version]) => Number(version));
  equal(versions.length, 2, answer.text);
  return versions;
}

async function writeSingle(service: Service, i: number, n: number): Promise<number[]> {
  const { status, headers, text } = await service.call("PUT", `/c${i}`, { body: `${n}` });
  ok(status === 201 || status === 204, text);
  return [Number(headers.get("etag")!.replaceAll('"', ""))];
}

async function check(service: Service, i: number, pair: Pair, halves: string[]): Promise<void> {
  const [a, b] = await Promise.all(halves.map((half) => service.call("GET", `/${half}${i}`)));
  const [found, other] = [a!, b!].map(({ status, text }) => status === 404 ? 0 : Number(text)) as [number, number];
  equal(found, other, `pair ${i} is half there`);
  ok(
    found >= pair.acknowledged && found <= pair.sent,
    `pair ${i} is at ${found}; ${pair.acknowledged} was acknowledged, ${pair.sent} sent`,
  );
  // What was sent without an answer may have happened: it is what there is now.
  pair.acknowledged = found;
  pair.sent = Math.max(pair.sent, found);
}
