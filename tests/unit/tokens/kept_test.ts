import assert from "node:assert/strict";
import type { Scope } from "../../../lib/domain/scope.ts";
import { createToken, revokeToken } from "../../../lib/tokens/admin.ts";
import { KeptTokens } from "../../../lib/tokens/kept.ts";
import { LastUses } from "../../../lib/tokens/last_uses.ts";
import { TokenFile, TokenFileError } from "../../../lib/tokens/token_file.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

async function keeping() {
  const directory = await tempDir();
  const clock = new FakeClock();
  const file = new TokenFile(directory.path);
  const errors: string[] = [];
  const tell = (message: string) => errors.push(message);
  const open: KeptTokens[] = [];
  return {
    directory,
    clock,
    file,
    errors,
    make: (name: string, expires: number | null = null) =>
      createToken(file, { name, scopes: ["jobs:read"] as Scope[], expires }, clock.now()).token,
    load() {
      const tokens = new KeptTokens(file, new LastUses(directory.path, tell), clock, tell);
      open.push(tokens);
      return tokens;
    },
    async [Symbol.asyncDispose]() {
      for (const tokens of open) tokens.close();
      assert.equal(clock.pending, 0);
      await directory[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a token is kept as a hash, in a file that only its owner reads", async () => {
  await using kept = await keeping();
  const token = kept.make("ci");
  assert.match(token, /^stint_[0-9a-f]{12}_[\w-]{43}$/);
  const text = await Deno.readTextFile(kept.file.path);
  assert.ok(!text.includes(token.slice(19)), text);
  assert.equal((await Deno.stat(kept.file.path)).mode! & 0o777, 0o600);
});

Deno.test("a token opens what it was made for, and one that differs in a letter opens nothing", async () => {
  await using kept = await keeping();
  const token = kept.make("ci");
  const tokens = kept.load();
  assert.deepEqual([tokens.find(token)?.name, tokens.find(token)?.scopes], ["ci", ["jobs:read"]]);
  for (const at of [0, 7, 20, token.length - 2]) {
    const other = `${token.slice(0, at)}${token[at] === "a" ? "b" : "a"}${token.slice(at + 1)}`;
    assert.equal(tokens.find(other), undefined, other);
  }
  assert.equal(tokens.find(""), undefined);
});

Deno.test("no token is asked for until there is one, and for good from then on", async () => {
  await using kept = await keeping();
  const tokens = kept.load();
  assert.equal(tokens.required, false);
  kept.make("ci");
  await kept.clock.advance(1000);
  assert.equal(tokens.required, true);
  revokeToken(kept.file, "ci", kept.clock.now());
  await kept.clock.advance(1000);
  assert.equal(tokens.required, true);
  await Deno.remove(kept.file.path);
  await kept.clock.advance(1000);
  assert.equal(tokens.required, true);
});

Deno.test("a token made while the server runs counts at once, a revoked one ends with what it holds", async () => {
  await using kept = await keeping();
  const tokens = kept.load();
  const [first, second] = [kept.make("first"), kept.make("second")];
  const owner = tokens.find(first)!;
  revokeToken(kept.file, "first", kept.clock.now());
  await kept.clock.advance(1000);
  assert.equal(owner.revoked!.aborted, true);
  assert.equal(tokens.find(first), undefined);
  assert.equal(tokens.find(second)!.revoked!.aborted, false);
});

Deno.test("a token expires at its moment, and what it holds ends", async () => {
  await using kept = await keeping();
  const token = kept.make("ci", kept.clock.now() + 10_000);
  const tokens = kept.load();
  const owner = tokens.find(token)!;
  await kept.clock.advance(9_999);
  assert.ok(tokens.find(token));
  await kept.clock.advance(1);
  assert.equal(tokens.find(token), undefined);
  await kept.clock.advance(500);
  assert.equal(owner.revoked!.aborted, true);
});

Deno.test("a file that is damaged lets nobody start, and while running leaves what is known", async () => {
  await using kept = await keeping();
  const token = kept.make("ci");
  const tokens = kept.load();
  for (const damaged of ["", "{", "[]", '{"tokens":[{}]}', '{"tokens":[{"id":1}]}']) {
    await Deno.writeTextFile(kept.file.path, damaged);
    assert.throws(() => kept.load(), TokenFileError, damaged);
  }
  await kept.clock.advance(1000);
  assert.ok(tokens.find(token));
  assert.ok(kept.errors.length > 0);
});

Deno.test("a name is taken as long as its token is valid", async () => {
  await using kept = await keeping();
  kept.make("ci");
  assert.throws(() => kept.make("ci"), TokenFileError);
  revokeToken(kept.file, "ci", kept.clock.now());
  assert.throws(() => revokeToken(kept.file, "ci", kept.clock.now()), TokenFileError);
  kept.make("ci");
  assert.equal(kept.file.read().length, 2);
});

Deno.test("when a token was last used outlives the server", async () => {
  await using kept = await keeping();
  const token = kept.make("ci");
  const tokens = kept.load();
  tokens.find(token);
  tokens.close();
  const { id } = kept.file.read()[0]!;
  assert.equal(new LastUses(kept.directory.path, () => {}).of(id), kept.clock.now());
});
