import { rejects } from "node:assert/strict";
import { apply, deepEqual, equal, type Sentence } from "./harness.ts";
import { NOW, someFile, someUpload, someWorker } from "./subjects.ts";

export function aboutWorkersAndFiles(it: Sentence): void {
  it("workers are listed as active until they end, and by when they ended", async ({ store }) => {
    const workers = [
      someWorker("a", "reserved"),
      someWorker("b", "running"),
      someWorker("c", "completed", NOW + 10),
      someWorker("d", "failed", NOW + 5),
      someWorker("e", "terminating"),
    ];
    for (const worker of workers) {
      await apply(store, { kind: "worker", id: worker.id, expect: { is: "absent" }, value: worker });
    }
    deepEqual((await store.workers.active()).map(({ value }) => value.id).sort(), ["a", "b", "e"]);
    const ended = async (time: number, limit: number) =>
      (await store.workers.endedBefore(time, limit)).map(({ value }) => value.id);
    deepEqual(await ended(NOW + 10, 5), ["d"]);
    deepEqual(await ended(NOW + 11, 5), ["d", "c"]);
    deepEqual(await ended(NOW + 11, 1), ["d"]);
    // One that expired has no end of its own.
    await apply(store, { kind: "worker", id: "f", expect: { is: "absent" }, value: someWorker("f", "expired") });
    deepEqual(await ended(someWorker("f", "expired").expires, 5), ["d", "c"]);
    deepEqual(await ended(someWorker("f", "expired").expires + 1, 5), ["d", "c", "f"]);
    const done = someWorker("a", "expired", NOW);
    await apply(store, { kind: "worker", id: "a", expect: { is: "present" }, value: done });
    deepEqual((await store.workers.active()).map(({ value }) => value.id).sort(), ["b", "e"]);
  });

  it("uploads are listed newest first, by name if asked, in pages, and by when they were last touched", async ({ store }) => {
    const rows: [string, string, number, number][] = [["x", "a", 5, 50], ["я", "б", 7, 40], ["y", "a", 5, 60], [
      "z",
      "a",
      9,
      30,
    ]];
    for (const [id, name, created, touched] of rows) {
      const value = someUpload(id, { name, created: NOW + created, touched: NOW + touched });
      await apply(store, { kind: "upload", id, expect: { is: "absent" }, value });
    }
    deepEqual(
      (await store.uploads.get("я"))!.value,
      someUpload("я", { name: "б", created: NOW + 7, touched: NOW + 40 }),
    );
    const listed = async (name?: string) => {
      const ids: string[] = [];
      for (let cursor: string | undefined, more = true; more;) {
        const page = await store.uploads.list({ name, limit: 2, ...(cursor && { cursor }) });
        ids.push(...page.items.map(({ value }) => value.id));
        equal(page.upTo, store.version());
        cursor = page.next;
        more = cursor !== undefined;
      }
      return ids;
    };
    deepEqual(await listed(), ["z", "я", "y", "x"]);
    deepEqual(await listed("a"), ["z", "y", "x"]);
    deepEqual(await listed("nothing"), []);
    const { next } = await store.uploads.list({ limit: 2 });
    await rejects(store.uploads.list({ name: "a", limit: 2, cursor: next! }), { code: "invalid_request" });
    const touched = async (time: number, limit: number) =>
      (await store.uploads.touchedBefore(NOW + time, limit)).map(({ value }) => value.id);
    deepEqual(await touched(50, 9), ["z", "я"]);
    deepEqual(await touched(51, 2), ["z", "я"]);
    deepEqual(await touched(51, 9), ["z", "я", "x"]);
    await apply(store, { kind: "upload", id: "z", expect: { is: "present" }, value: null });
    deepEqual(await listed("a"), ["y", "x"]);
    equal(await store.uploads.get("z"), undefined);
  });

  it("files are listed by name, in pages", async ({ store }) => {
    const names = ["б", "a", "c", "а", "b.txt"];
    for (const name of names) {
      await apply(store, { kind: "file", id: name, expect: { is: "absent" }, value: someFile(name) });
    }
    const listed: string[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page = await store.files.list({ limit: 2, ...(cursor && { cursor }) });
      listed.push(...page.items.map(({ value }) => value.name));
      equal(page.upTo, store.version());
      cursor = page.next;
      more = cursor !== undefined;
    }
    deepEqual(listed, ["a", "b.txt", "c", "а", "б"]);
    equal((await store.files.list({ limit: 5 })).next, undefined, "a full last page is the last");
  });
}
