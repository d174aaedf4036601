import assert from "node:assert/strict";
import { Bell } from "../../../lib/services/bell.ts";

const never = () => new AbortController().signal;

Deno.test("who waits hears of what is new, and who was away hears of it at once", async () => {
  const bell = new Bell(() => Promise.resolve());
  const { revision } = bell;
  const waiting = Array.from({ length: 100 }, () => bell.news(revision, never()));
  bell.ring();
  await Promise.all(waiting);
  await bell.news(revision, never());
  assert.equal(bell.revision, revision + 1);
});

Deno.test("a ring that falls among the others being woken is heard too", async () => {
  const turn = Promise.withResolvers<void>();
  const bell = new Bell(() => turn.promise);
  const early = bell.news(bell.revision, never());
  bell.ring();
  await early;
  const late = bell.news(bell.revision, never());
  bell.ring();
  turn.resolve();
  await late;
});

Deno.test("who leaves is not waited for", async () => {
  const bell = new Bell(() => Promise.resolve());
  const leaving = new AbortController();
  const left = bell.news(bell.revision, leaving.signal);
  leaving.abort();
  await left;
  await bell.news(bell.revision, leaving.signal);
});
