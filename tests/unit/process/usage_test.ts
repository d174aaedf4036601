import assert from "node:assert/strict";
import type { Usage } from "../../../lib/domain/usage.ts";
import { parseLook } from "../../../lib/process/usage/look.ts";
import { Sampler } from "../../../lib/process/usage/sampler.ts";
import { eventually } from "../../helpers/eventually.ts";

const KIB = 1024;

function stat(pid: number, name: string, ...ticks: number[]): string {
  return `${pid} (${name}) S 1 ${pid} ${pid} 0 -1 4194304 100 0 0 0 ${ticks.join(" ")} 20 0 1 0 12345 3000000 500`;
}

function status(pid: number, parent: number, rss: number, highest = rss): string {
  const at = `/proc/${pid}/status:`;
  return `${at}PPid:\t${parent}\n${at}VmHWM:\t    ${highest} kB\n${at}VmRSS:\t    ${rss} kB\n`;
}

Deno.test("a look adds up the processes of each job, with descendants that have hidden their cookie", () => {
  const text = [
    "/proc/10/environ:STINT_JOB_COOKIE=aaa\n/proc/11/environ:STINT_JOB_COOKIE=aaa\n/proc/20/environ:STINT_JOB_COOKIE=bbb",
    // 12 is a child's child without a cookie, 30 has nothing to do with any job, 40 is a zombie without memory.
    status(1, 0, 9999) + status(10, 1, 100) + status(11, 10, 50, 80) + status(12, 11, 30) + status(20, 1, 7, 900) +
    status(30, 1, 5000) + "/proc/40/status:PPid:\t10",
    [stat(10, "sh", 5, 6, 7, 2), stat(11, "a) S (b", 10, 0, 0, 0), stat(20, "sh", 1, 0, 0, 0)].join("\n"),
    "/proc/10/io:read_bytes: 4096\n/proc/10/io:write_bytes: 1\n/proc/11/io:read_bytes: 10\n/proc/11/io:write_bytes: 2\n",
  ].join("\n=\n");
  const looks = parseLook(text);
  assert.deepEqual(looks.get("aaa"), {
    memory: 180 * KIB,
    memoryPeak: 180 * KIB,
    cpu: 0.3,
    diskRead: 4106,
    diskWritten: 3,
  });
  // Its highest mark is above what it has now.
  assert.deepEqual(looks.get("bbb"), {
    memory: 7 * KIB,
    memoryPeak: 900 * KIB,
    cpu: 0.01,
    diskRead: null,
    diskWritten: null,
  });
  assert.equal(looks.size, 2);
});

Deno.test("a look at nothing, or half a look, is no error", () => {
  assert.equal(parseLook("").size, 0);
  assert.equal(parseLook("\n=\n\n=\n\n=\n").size, 0);
  assert.equal(parseLook("/proc/10/environ:STINT_JOB_COOKIE=aaa\n=\n").size, 0);
});

class FakeRun {
  readonly request;
  readonly #end = Promise.withResolvers<void>();
  readonly ended = this.#end.promise;
  usage: Usage | null = null;

  constructor(cookie: string) {
    this.request = { cookie };
  }

  end(): void {
    this.#end.resolve();
  }
}

Deno.test("the sampler keeps the highest figures that it saw and the memory that it saw last, of all runs at one look", async () => {
  let looks = 0;
  const sampler = new Sampler({ warn: () => {} }, () => {
    looks++;
    const [one, other] = looks === 1 ? [300, 5] : [100, 8];
    return Promise.resolve([
      "/proc/10/environ:STINT_JOB_COOKIE=a\n/proc/20/environ:STINT_JOB_COOKIE=b",
      status(10, 1, one) + status(20, 1, other),
      "",
      "",
    ].join("\n=\n"));
  });
  const [a, b, none] = [new FakeRun("a"), new FakeRun("b"), new FakeRun("c")];
  for (const run of [a, b, none]) sampler.add(run);
  await eventually("both were seen twice", () => b.usage?.memoryPeak === 8 * KIB);
  assert.equal(a.usage?.memoryPeak, 300 * KIB);
  assert.equal(a.usage?.memory, 100 * KIB, "what it has now is not the highest");
  assert.equal(none.usage, null);
  await sampler.close();
});

Deno.test("the sampler looks at nothing when no run is left, and goes on after a look that failed", async () => {
  let looks = 0;
  const said: string[] = [];
  const sampler = new Sampler({ warn: (message) => said.push(message) }, () => {
    looks++;
    return Promise.reject(new Error("no more processes"));
  });
  const quick = new FakeRun("quick");
  sampler.add(quick);
  quick.end();
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(looks, 0);
  const slow = new FakeRun("slow");
  const began = performance.now();
  sampler.add(slow);
  await eventually("it was tried three times", () => looks > 2);
  assert.ok(performance.now() - began >= 300, "not at once again");
  assert.equal(said.length, 1, "said once");
  slow.end();
  await sampler.close();
});
