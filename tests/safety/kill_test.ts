import { equal, ok } from "node:assert/strict";
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
  const pairs = Array.from({ length: WRITERS }, (): Pair => ({ sent: 0, acknowledged: 0, version: 0 }));
  let highest = 0;
  let total = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = sumOf(pairs);
    const writing = pairs.map((pair, i) => write(service, i, pair, highest));
    const goal = before + Math.random() * 10 * WRITERS;
    await eventually("some are acknowledged", () => sumOf(pairs) > goal);
    await service.kill9();
    await Promise.all(writing);
    await service.start();
    highest = Math.max(highest, ...pairs.map(({ version }) => version));
    total += sumOf(pairs) - before;
    await Promise.all(pairs.map((pair, i) => check(service, i, pair)));
  }
  ok(total > WRITERS, `only ${total} batches were acknowledged in ${ROUNDS} rounds`);
});

function sumOf(pairs: Pair[]): number {
  return pairs.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
}

/** Writes a pair of keys over and over, each time with the next number, until the connection breaks. */
async function write(service: Service, i: number, pair: Pair, highest: number): Promise<void> {
  for (;;) {
    const n = ++pair.sent;
    const steps = ["a", "b"].map((half) => ({ op: "put", key: `${half}${i}`, value: `${n}` }));
    let answer;
    try {
      answer = await service.call("POST", "/api/keys/batch", { json: { steps } });
    } catch {
      return;
    }
    equal(answer.status, 200, answer.text);
    const versions = [...answer.text.matchAll(/"version":"?(\d+)/g)].map(([, version]) => Number(version));
    equal(versions.length, 2, answer.text);
    for (const version of versions) {
      ok(version > highest && version > pair.version, `version ${version} after ${Math.max(highest, pair.version)}`);
      pair.version = version;
    }
    pair.acknowledged = n;
  }
}

async function check(service: Service, i: number, pair: Pair): Promise<void> {
  const [a, b] = await Promise.all(["a", "b"].map((half) => service.call("GET", `/${half}${i}`)));
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
