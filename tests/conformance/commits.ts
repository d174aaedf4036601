import { rejects } from "node:assert/strict";
import type { Expect } from "../../lib/services/ports/store.ts";
import {
  apply,
  commitOf,
  conflict,
  deepEqual,
  equal,
  keyText,
  ok,
  put,
  remove,
  type Sentence,
  versionOf,
  write,
} from "./harness.ts";
import { keyRecord, NOW, queuedJob, someFile, someWorker } from "./subjects.ts";

export function aboutCommits(it: Sentence): void {
  it("a commit is seen by every read after its answer", async ({ store }) => {
    const [applied] = await apply(store, put("a", "1"));
    equal(applied!.existed, false);
    const found = await store.keys.get("a", NOW);
    deepEqual(found, { value: keyRecord("a", "1"), version: applied!.version });
    const [again] = await apply(store, put("a", "2"));
    equal(again!.existed, true);
    equal(await keyText(store, "a"), "2");
  });

  it("every kind of subject is written, read, replaced and removed", async ({ store }) => {
    const job = queuedJob(1);
    const worker = someWorker("w", "reserved");
    const file = someFile("имя.txt");
    const any: Expect = { is: "any" };
    await apply(
      store,
      { kind: "job", id: 1, expect: any, value: job },
      { kind: "worker", id: "w", expect: any, value: worker },
      { kind: "file", id: file.name, expect: any, value: file },
    );
    deepEqual((await store.jobs.get(1))?.value, job);
    deepEqual((await store.workers.get("w"))?.value, worker);
    deepEqual((await store.files.get(file.name))?.value, file);
    await apply(
      store,
      { kind: "job", id: 1, expect: any, value: null },
      { kind: "worker", id: "w", expect: any, value: null },
      { kind: "file", id: file.name, expect: any, value: null },
    );
    equal(await store.jobs.get(1), undefined);
    equal(await store.workers.get("w"), undefined);
    equal(await store.files.get(file.name), undefined);
    await apply(store, { kind: "job", id: 1, expect: { is: "absent" }, value: job });
    deepEqual((await store.jobs.get(1))?.value, job);
  });

  it("each kind of expectation holds when it should and only then", async ({ store }) => {
    const version = await versionOf(store, put("here", "1"));
    const cases: [Expect, boolean, boolean][] = [ // with "here", with "gone"
      [{ is: "any" }, true, true],
      [{ is: "absent" }, false, true],
      [{ is: "present" }, true, false],
      [{ is: "version", oneOf: [version] }, true, false],
      [{ is: "version", oneOf: [version + 1000, version] }, true, false],
      [{ is: "version", oneOf: [version + 1000] }, false, false],
      [{ is: "version", oneOf: [] }, false, false],
      [{ is: "not_version", noneOf: [version] }, false, true],
      [{ is: "not_version", noneOf: [version + 1000] }, true, true],
    ];
    for (const [expect, here, gone] of cases) {
      const said = JSON.stringify(expect);
      const onHere = await write(store, { kind: "key", id: "here", expect });
      equal(onHere.outcome, here ? "committed" : "conflict", said);
      deepEqual(
        onHere,
        here
          ? { outcome: "committed", applied: [{ version, existed: true }] }
          : { outcome: "conflict", conflicts: [{ index: 0, version }] },
      );
      const onGone = await write(store, { kind: "key", id: "gone", expect });
      deepEqual(
        onGone,
        gone
          ? { outcome: "committed", applied: [{ version: 0, existed: false }] }
          : { outcome: "conflict", conflicts: [{ index: 0, version: null }] },
      );
    }
    equal(store.version(), version, "checks take no version");
  });

  it("of a commit with a conflict nothing happens, and each failing change is named", async ({ store }) => {
    const version = await versionOf(store, put("b", "old"));
    const conflicts = await conflict(
      store,
      put("a", "new"),
      put("b", "new", { is: "absent" }),
      remove("c", { is: "present" }),
      { kind: "job", id: 1, expect: { is: "any" }, value: queuedJob(1) },
    );
    deepEqual(conflicts, [{ index: 1, version }, { index: 2, version: null }]);
    equal(await keyText(store, "a"), undefined);
    equal(await keyText(store, "b"), "old");
    equal(await store.jobs.get(1), undefined);
    equal((await store.jobs.counts()).queued, 0);
    equal(store.version(), version);
  });

  it("expectations see the store as it was before their commit", async ({ store }) => {
    await apply(store, { kind: "key", id: "a", expect: { is: "absent" } }, put("a", "1"));
    await conflict(store, remove("a"), { kind: "key", id: "a", expect: { is: "absent" } });
    equal(await keyText(store, "a"), "1");
  });

  it("of many writers that expect the same version one gets through", async ({ store }) => {
    const version = await versionOf(store, put("n", "0"));
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) => write(store, put("n", `${i}`, { is: "version", oneOf: [version] }))),
    );
    const winners = results.flatMap((result, i) => result.outcome === "committed" ? [i] : []);
    equal(winners.length, 1);
    equal(await keyText(store, "n"), `${winners[0]}`);
  });

  it("increments by compare and set lose nothing", async ({ store }) => {
    await apply(store, put("n", "0"));
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (let done = 0; done < 10;) {
        const now = await store.keys.get("n", NOW);
        const next = `${Number(new TextDecoder().decode(now!.value.value)) + 1}`;
        const result = await write(store, put("n", next, { is: "version", oneOf: [now!.version] }));
        if (result.outcome === "committed") done++;
      }
    }));
    equal(await keyText(store, "n"), "80");
  });

  it("versions rise over the whole store, through removals and restarts, and are consecutive in a commit", async (bench) => {
    const seen: number[] = [];
    for (let round = 0; round < 3; round++) {
      const { store } = bench;
      equal(store.version(), seen.at(-1) ?? 0);
      seen.push(...(await apply(store, put("a", "1"), put("b", "1"))).map(({ version }) => version));
      seen.push(...(await apply(store, remove("a"), remove("b"))).map(({ version }) => version));
      equal(store.version(), seen.at(-1));
      await bench.reopen();
    }
    deepEqual(seen, seen.toSorted((a, b) => a - b));
    equal(new Set(seen).size, seen.length);
    for (let i = 0; i < seen.length; i += 2) equal(seen[i + 1], seen[i]! + 1);
  });

  it("removing what is not there does nothing and takes no version", async ({ store }) => {
    const before = store.version();
    deepEqual(await apply(store, remove("nothing")), [{ version: 0, existed: false }]);
    equal(store.version(), before);
  });

  it("the same commit id again changes nothing and gives the first answer", async ({ store }) => {
    const commit = commitOf([put("a", "1", { is: "absent" })]);
    const first = await store.commit(commit);
    await apply(store, put("a", "2"));
    deepEqual(await store.commit(commit), first);
    equal(await keyText(store, "a"), "2");
    const failing = commitOf([put("a", "3", { is: "absent" })]);
    const refused = await store.commit(failing);
    equal(refused.outcome, "conflict");
    await apply(store, remove("a"));
    deepEqual(await store.commit(failing), refused);
    equal(await keyText(store, "a"), undefined);
  });

  it("the same commit id twice at once is applied once", async ({ store }) => {
    const commit = commitOf([put("a", "1", { is: "absent" })]);
    const [one, two] = await Promise.all([store.commit(commit), store.commit(commit)]);
    equal(one.outcome, "committed");
    deepEqual(two, one);
  });

  it("a key that has expired by the commit's time counts as absent", async ({ store }) => {
    const expires = NOW + 1000;
    await apply(store, put("a", "1", { is: "any" }, expires));
    const present = { kind: "key", id: "a", expect: { is: "present" } } as const;
    equal((await store.commit(commitOf([present], expires - 1))).outcome, "committed");
    deepEqual(await store.commit(commitOf([present], expires)), {
      outcome: "conflict",
      conflicts: [{ index: 0, version: null }],
    });
    const again = await store.commit(commitOf([put("a", "2", { is: "absent" })], expires));
    ok(again.outcome === "committed");
    equal(again.applied[0]!.existed, false);
    equal(await keyText(store, "a", expires), "2");
    equal(await store.keys.count(), 1);
  });

  it("an expired key is removed by expecting it to be absent, and one put anew meanwhile is not", async ({ store }) => {
    await apply(store, put("a", "1", { is: "any" }, NOW + 1), put("b", "1", { is: "any" }, NOW + 1));
    deepEqual((await store.keys.expired(NOW + 1, 10)).map(({ value }) => value.key).sort(), ["a", "b"]);
    equal((await store.commit(commitOf([put("b", "2")], NOW + 2))).outcome, "committed");
    const swept = await store.commit(commitOf([remove("a", { is: "absent" })], NOW + 2));
    ok(swept.outcome === "committed" && swept.applied[0]!.version > 0);
    equal((await store.commit(commitOf([remove("b", { is: "absent" })], NOW + 2))).outcome, "conflict");
    deepEqual(await store.keys.expired(NOW + 2, 10), []);
    equal(await store.keys.count(), 1);
    equal(await keyText(store, "b", NOW + 2), "2");
  });

  it("a commit without changes, or with two writes to one subject, is refused", async ({ store }) => {
    await rejects(store.commit(commitOf([])), TypeError);
    await rejects(write(store, put("a", "1"), remove("a")), TypeError);
    equal(store.version(), 0);
  });

  it("a store that was closed takes no commits", async (bench) => {
    const { store } = bench;
    await bench.reopen();
    await rejects(write(store, put("a", "1")), { name: "Problem", code: "shutting_down" });
  });

  it("what was accepted before closing is written", async (bench) => {
    const pending = Array.from({ length: 100 }, (_, i) => write(bench.store, put(`k${i}`, "1")));
    const store = await bench.reopen();
    ok((await Promise.all(pending)).every(({ outcome }) => outcome === "committed"));
    equal(await store.keys.count(), 100);
  });
}
