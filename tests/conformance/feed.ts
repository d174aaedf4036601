import { rejects } from "node:assert/strict";
import { Problem } from "../../lib/domain/errors.ts";
import { transition } from "../../lib/domain/job_transition.ts";
import type { Job } from "../../lib/domain/job.ts";
import type { FeedEntry } from "../../lib/services/ports/store.ts";
import { apply, deepEqual, equal, ok, put, putJob, remove, type Sentence, take } from "./harness.ts";
import { keyRecord, NOW, queuedJob, someFile, someWorker } from "./subjects.ts";

export function aboutTheFeed(it: Sentence): void {
  it("the feed gives each change as it was then, oldest first", async (bench) => {
    const { store } = bench;
    const worker = someWorker("w", "reserved");
    const file = someFile("f");
    await apply(store, put("a", "1", { is: "any" }, NOW + 5));
    await apply(store, put("a", "2"), { kind: "worker", id: "w", expect: { is: "any" }, value: worker });
    await apply(store, putJob(queuedJob(7)), { kind: "file", id: "f", expect: { is: "any" }, value: file });
    await apply(store, remove("a"), { kind: "job", id: 7, expect: { is: "any" }, value: null });
    const expected: FeedEntry[] = [
      { version: 1, kind: "key", id: "a", value: keyRecord("a", "1", NOW + 5) },
      { version: 2, kind: "key", id: "a", value: keyRecord("a", "2") },
      { version: 3, kind: "worker", id: "w", value: worker },
      { version: 4, kind: "job", id: 7, value: queuedJob(7) },
      { version: 5, kind: "file", id: "f", value: file },
      { version: 6, kind: "key", id: "a", value: null },
      { version: 7, kind: "job", id: 7, value: null },
    ];
    deepEqual(numbered(await take(store, 7, { after: 0 })), expected);
    deepEqual(numbered(await take(await bench.reopen(), 7, { after: 0 })), expected);
    deepEqual(
      (await take(bench.store, 2, { after: 0, kinds: ["job"] })).map(({ kind, id }) => `${kind} ${id}`),
      ["job 7", "job 7"],
    );
  });

  it("what a job becomes within one commit is in the feed, and only the last of it anywhere else", async ({ store }) => {
    const [queued, running] = [queuedJob(7), transition(queuedJob(7), { type: "start" }, NOW)];
    const [applied] = await apply(store, {
      kind: "job",
      id: 7,
      expect: { is: "absent" },
      value: running,
      through: [queued],
    });
    deepEqual(applied, { version: 2, existed: false });
    deepEqual(numbered(await take(store, 2, { after: 0 })), [
      { version: 1, kind: "job", id: 7, value: queued },
      { version: 2, kind: "job", id: 7, value: running },
    ]);
    deepEqual(await store.jobs.get(7), { value: running, version: 2 });
    const { queued: waiting, running: active } = await store.jobs.counts();
    deepEqual([waiting, active], [0, 1]);
  });

  it("followers miss and repeat nothing while many write, wherever they begin", async (bench) => {
    const { store } = bench;
    const total = 3000;
    const followers = [0, 0, 500].map((after) => take(store, total - after, { after }));
    const late = (async () => {
      while (store.version() < 1000) await new Promise((resolve) => setTimeout(resolve, 1));
      return take(store, total - 900, { after: 900 });
    })();
    await Promise.all(Array.from({ length: 20 }, async (_, writer) => {
      for (let i = 0; i < 50; i++) {
        await apply(store, put(`a${writer}`, `${i}`), put(`b${writer}`, `${i}`), put(`c${writer}`, `${i}`));
      }
    }));
    for (const [i, entries] of (await Promise.all([...followers, late])).entries()) {
      const first = [1, 1, 501, 901][i]!;
      deepEqual(entries.map(({ version }) => version), Array.from({ length: entries.length }, (_, n) => first + n));
    }
    const again = await take(await bench.reopen(), total, { after: 0 });
    deepEqual(again.map(({ version }) => version), Array.from({ length: total }, (_, n) => 1 + n));
  });

  it("a follower waits for what is to come and ends with its signal", async ({ store }) => {
    const stop = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const { version } of store.follow({ after: store.version(), signal: stop.signal })) seen.push(version);
    })();
    await apply(store, put("a", "1"));
    await apply(store, put("a", "2"));
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    stop.abort();
    await following;
    deepEqual(seen, [1, 2]);
  });

  it("entries of any size are followed without gap, and again from anywhere", async (bench) => {
    const { store } = bench;
    const spec = { command: "true", stdin: "x".repeat(400_000), grace: 5, priority: 0 };
    for (let id = 1; id <= 8; id++) {
      const value: Job = { id, spec, created: id, cookie: `c${id}`, state: "queued" };
      await apply(store, { kind: "job", id, expect: { is: "absent" }, value });
    }
    for (let after = 0; after < 8; after++) {
      const entries = await take(store, 8 - after, { after });
      deepEqual(entries.map(({ id }) => id), Array.from({ length: 8 - after }, (_, i) => after + 1 + i));
    }
  });

  it("a follower ends when the store is closed", async (bench) => {
    const following = (async () => {
      for await (const _ of bench.store.follow({ after: 0, signal: new AbortController().signal }));
    })();
    await bench.reopen();
    await following;
  });

  it("changes that are no longer kept are said to be gone, with the oldest that may be asked for", async (bench) => {
    const { store } = bench;
    for (let i = 0; i < 60; i++) {
      await Promise.all(Array.from({ length: 50 }, (_, n) => apply(store, put(`k${n}`, `${i}`))));
    }
    const last = store.version();
    const problem = await take(store, 1, { after: 0 }).then(() => undefined, (error) => error);
    ok(problem instanceof Problem);
    equal(problem.code, "changes_gone");
    const oldest = Number(problem.extras.members?.oldest);
    ok(oldest > 0 && oldest <= last - 1000, `oldest ${oldest} of ${last}`);
    const kept = await take(store, last - oldest, { after: oldest });
    deepEqual(kept.map(({ version }) => version), Array.from({ length: last - oldest }, (_, n) => oldest + 1 + n));
    await rejects(take(store, 1, { after: oldest - 1 }), { code: "changes_gone" });
    const reopened = await bench.reopen();
    equal(reopened.version(), last);
    await rejects(take(reopened, 1, { after: oldest - 1 }), { code: "changes_gone" });
  }, { keepChanges: 1000 });
}

/** The versions counted from one, as another store may begin elsewhere. */
function numbered(entries: FeedEntry[]): FeedEntry[] {
  return entries.map((entry, i) => ({ ...entry, version: i + 1 }));
}
