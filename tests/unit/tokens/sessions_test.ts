import assert from "node:assert/strict";
import { configuredTokens } from "../../../lib/tokens/configured.ts";
import { Sessions } from "../../../lib/tokens/sessions.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const tokens = configuredTokens(["s3cret"]);
const owner = tokens.find("s3cret")!;

function fail(message: string, error: unknown): never {
  throw new Error(message, { cause: error });
}

Deno.test("a session outlives the server, and ends after a week", async () => {
  await using directory = await tempDir();
  const clock = new FakeClock();
  const value = new Sessions(directory.path, tokens, clock, fail).begin(owner);
  const later = new Sessions(directory.path, tokens, clock, fail);
  await clock.advance(7 * 24 * 3_600_000 - 1);
  assert.equal(later.find(value)?.name, owner.name);
  await clock.advance(1);
  assert.equal(later.find(value), undefined);
});

Deno.test("a session ends with its token, and cannot be had from the file", async () => {
  await using directory = await tempDir();
  const clock = new FakeClock();
  const value = new Sessions(directory.path, tokens, clock, fail).begin(owner);
  assert.equal(new Sessions(directory.path, configuredTokens(["other"]), clock, fail).find(value), undefined);
  const text = await Deno.readTextFile(`${directory.path}/sessions.json`);
  assert.ok(!text.includes(value) && !text.includes("s3cret"));
  const { mode } = await Deno.stat(`${directory.path}/sessions.json`);
  assert.equal(mode! & 0o777, 0o600);
  const [key] = Object.keys(JSON.parse(text));
  assert.equal(new Sessions(directory.path, tokens, clock, fail).find(key!), undefined);
});

Deno.test("of too many sessions the oldest is signed out", async () => {
  await using directory = await tempDir();
  const sessions = new Sessions(directory.path, tokens, new FakeClock(), fail);
  const values = Array.from({ length: 1001 }, () => sessions.begin(owner));
  assert.equal(sessions.find(values[0]!), undefined);
  assert.ok(sessions.find(values[1]!) && sessions.find(values[1000]!));
});
