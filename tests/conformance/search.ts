import { eventually } from "../helpers/eventually.ts";
import { addJobs, apply, deepEqual, idsOf, putJob, type Sentence } from "./harness.ts";
import { endedJob, queuedJob } from "./subjects.ts";

export function aboutSearch(it: Sentence): void {
  it("a search finds every word as a substring of command, name or labels, in any case and script", async ({ store }) => {
    await addJobs(
      store,
      queuedJob(1, { command: "rsync -a /Данные/Отчёт backup:" }),
      queuedJob(2, { argv: ["printf", "ПРИВЕТ, мир"], name: "Straße" }),
      queuedJob(3, { command: "true", labels: { Env: "Prod", "ночь": "да" } }),
      queuedJob(4, { command: 'echo "AND" OR NOT * ^ NEAR( 100%_x' }),
    );
    const cases: [string, number[]][] = [
      ["rsync", [1]],
      ["SYNC", [1]],
      ["данные", [1]],
      ["отчёт ДАННЫЕ", [1]],
      ["привет", [2]],
      ["вет", [2]],
      ["STRASSE", [2]],
      ["straße мир", [2]],
      ["env:prod", [3]],
      ["env=prod", [3]],
      ["НОЧЬ:ДА", [3]],
      ["rsync мир", []],
      ['"and"', [4]],
      ["near(", [4]],
      ["100%_x", [4]],
      ["10_%", []],
      ["*", [4]],
      // One and two letters.
      ["я", []],
      ["м", [2]],
      ["МИ", [2]],
      ["да", [3, 1]],
      ["tr", [3, 2]],
      ["tr ue", [3]],
      ["a rsync", [1]],
      ["a /д bac", [1]],
      // No word at all.
      ["  ", [4, 3, 2, 1]],
    ];
    for (const [q, ids] of cases) {
      deepEqual(await idsOf(store, { q }), ids, q);
      deepEqual((await idsOf(store, { q, sort: "ended", limit: 1 })).toSorted((a, b) => b - a), ids, `${q}, by end`);
    }
  });

  it("a search follows a job's changes and removal", async ({ store }) => {
    await addJobs(store, queuedJob(1, { command: "alpha", labels: { k: "v" } }), queuedJob(2, { command: "alpha" }));
    await apply(store, putJob(endedJob(1, { command: "beta", labels: { k: "w" } })));
    deepEqual(await idsOf(store, { q: "alpha" }), [2]);
    deepEqual(await idsOf(store, { q: "beta" }), [1]);
    deepEqual(await idsOf(store, { labels: { k: "v" } }), []);
    deepEqual(await idsOf(store, { labels: { k: "w" } }), [1]);
    await apply(store, { kind: "job", id: 1, expect: { is: "any" }, value: null });
    deepEqual(await idsOf(store, { q: "beta" }), []);
    deepEqual(await idsOf(store, { labels: { k: "w" } }), []);
    await apply(store, putJob(queuedJob(1, { command: "gamma" })));
    deepEqual(await idsOf(store, { q: "beta" }), []);
    deepEqual(await idsOf(store, { q: "gamma" }), [1]);
  });

  it("output is found by every word, in any case and script, wherever it stands", async ({ store }) => {
    await addJobs(store, endedJob(1), endedJob(2), endedJob(3));
    const filler = "строка номер такая-то\n".repeat(4000);
    await store.indexOutput(1, [`Начало ${filler} Середина ${filler} КОНЕЦ`, "stderr: ошибка Ы"]);
    await store.indexOutput(2, [`${"x".repeat(40_000)}игла${"y".repeat(40_000)}`, ""]);
    await store.indexOutput(3, ["начало", "end \u0000 of file"]);
    const cases: [string, number[]][] = [
      ["начало", [3, 1]],
      ["НАЧАЛО конец", [1]],
      ["начало середина ОШИБКА", [1]],
      ["начало конец игла", []],
      ["ы", [1]],
      ["of", [3]],
      ["of ной", []],
      ["но такая ы", [1]],
      ["игла", [2]],
      ["xxxиглаyyy", [2]],
    ];
    for (const [output, ids] of cases) deepEqual(await idsOf(store, { output }), ids, output);
    deepEqual(await idsOf(store, { output: "начало", q: "echo 3" }), [3]);
  });

  it("a word is found wherever a text may have been cut", async ({ store }) => {
    const every = 997;
    const numbers = Array.from({ length: 100 }, (_, i) => `слово${i}z`);
    await addJobs(store, endedJob(1), endedJob(2));
    await store.indexOutput(1, [numbers.map((word) => word.padEnd(every, ".")).join("")]);
    await store.indexOutput(2, [numbers.map((word) => word.padEnd(every, "\u{1F600}. ")).join("")]);
    for (const word of numbers) deepEqual(await idsOf(store, { output: word }), [2, 1], word);
  });

  it("output indexed again replaces the first, and goes when it is dropped or its job removed", async (bench) => {
    const { store } = bench;
    await addJobs(store, endedJob(1), endedJob(2));
    await store.indexOutput(1, ["первый ".repeat(20_000)]);
    await store.indexOutput(1, ["второй"]);
    await store.indexOutput(2, ["второй ".repeat(20_000)]);
    deepEqual(await idsOf(store, { output: "первый" }), []);
    deepEqual(await idsOf(store, { output: "второй" }), [2, 1]);
    await store.dropOutput(1);
    deepEqual(await idsOf(store, { output: "второй" }), [2]);
    await apply(store, { kind: "job", id: 2, expect: { is: "any" }, value: null });
    deepEqual(await idsOf(store, { output: "второй" }), []);
    await addJobs(store, endedJob(2));
    await eventually("none of it is left", async () => (await idsOf(store, { output: "второй" })).length === 0);
    await bench.reopen();
    deepEqual(await idsOf(bench.store, { output: "второй" }), []);
  });

  it("the output of a job that is not there is not kept", async ({ store }) => {
    await store.indexOutput(5, ["нигде"]);
    await addJobs(store, endedJob(5));
    deepEqual(await idsOf(store, { output: "нигде" }), []);
  });

  it("commits go on while a large output is indexed", async ({ store }) => {
    await addJobs(store, endedJob(1));
    let indexed = false;
    const indexing = store.indexOutput(1, ["много слов в строке\n".repeat(50_000)]).then(() => indexed = true);
    let between = 0;
    for (let i = 0; !indexed; i++) {
      await apply(store, putJob(queuedJob(2 + i)));
      if (!indexed) between++;
    }
    await indexing;
    deepEqual(between > 3, true, `${between} commits`);
  });
}
