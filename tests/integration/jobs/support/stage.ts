/** One job on a server that is about to die, and the means to find out what became of it. */

import assert from "node:assert/strict";
import { eventually } from "../../../helpers/eventually.ts";
import { jobOf, resultOf } from "../../../helpers/jobs.ts";
import type { Service } from "../../../helpers/service.ts";
import { shell } from "../../../helpers/shell.ts";
import type { JobView, ResultView } from "../../../helpers/views.ts";

export class Stage {
  readonly #diary: string;

  constructor(readonly service: Service, readonly id: number) {
    this.#diary = `${service.files}/${id}`;
  }

  /** Submits a job that writes into its diary when it begins, waits to be let go, and writes again as it ends. */
  async submit(more: Record<string, unknown> = {}, code = 0): Promise<void> {
    const diary = this.#diary;
    const wait = `until [ -e ${diary}.go ]; do sleep 0.02; done`;
    const command =
      `echo begun $$ $PPID >>${diary}; echo text-of-${this.id}; ${wait}; echo ended >>${diary}; exit ${code}`;
    await this.ask("POST", "/api/jobs", { command, grace: 600, ...more });
  }

  /** What the server answered, if it lived to answer. */
  async ask(method: string, path: string, json?: unknown): Promise<number | undefined> {
    try {
      return (await this.service.call(method, path, { json })).status;
    } catch (error) {
      if (error instanceof TypeError || error instanceof Deno.errors.Http) return undefined;
      throw error;
    }
  }

  control(state: string): Promise<number | undefined> {
    return this.ask("PATCH", `/api/jobs/${this.id}`, { state });
  }

  /** Lets the command end. */
  async letGo(): Promise<void> {
    await Deno.writeTextFile(`${this.#diary}.go`, "");
  }

  /** Waits until the command runs; its process id and its keeper's. */
  async begun(): Promise<{ pid: number; keeper: number }> {
    return await eventually(`job ${this.id} has begun`, async () => {
      const words = /^begun (\d+) (\d+)$/m.exec(await this.diary());
      return words ? { pid: Number(words[1]), keeper: Number(words[2]) } : undefined;
    }, 60_000);
  }

  async diary(): Promise<string> {
    try {
      return await Deno.readTextFile(this.#diary);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  }

  job(): Promise<JobView> {
    return jobOf(this.service, this.id);
  }

  /** The job comes to its end, in this state, and ran as often as `times` says. */
  async ends(state: string, times: 0 | 1 = 1): Promise<ResultView> {
    const result = await resultOf(this.service, this.id);
    assert.equal(result.state, state, `job ${this.id}: ${result.error}`);
    const begun = (await this.diary()).match(/begun/g)?.length ?? 0;
    assert.equal(begun, times, `job ${this.id} ran ${begun} times`);
    return result;
  }

  /** Nothing has been lost: it ran once, to its own end, and what it wrote is there and can be found. */
  async endsByItself(code = 0): Promise<void> {
    await this.letGo();
    const result = await this.ends(code === 0 ? "succeeded" : "failed");
    assert.deepEqual([result.exit_code, result.stdout], [code, `text-of-${this.id}\n`]);
    assert.match(await this.diary(), /^begun \d+ \d+\nended\n$/);
    const found = await this.service.call("GET", `/api/jobs?output=text-of-${this.id}&state=${result.state}`);
    assert.ok(found.json<{ jobs: JobView[] }>().jobs.some(({ job_id }) => job_id === this.id), "it can be searched");
  }

  /** Nothing is left of its processes. */
  async leavesNothing(): Promise<void> {
    const pids = /^begun (\d+)/m.exec(await this.diary());
    if (!pids) return;
    const { stdout } = await shell(`grep -lsE '\\) [A-Y] [0-9]+ [0-9]+ ${pids[1]} ' /proc/[0-9]*/stat`);
    assert.equal(stdout, "", `job ${this.id} left processes behind`);
  }

  /** The job and its files are gone. */
  async isGone(): Promise<void> {
    assert.equal(await this.ask("GET", `/api/jobs/${this.id}`), 404);
    await this.hasNoFiles();
  }

  async hasNoFiles(): Promise<void> {
    await eventually(`the files of job ${this.id} are gone`, async () => {
      const { stdout } = await shell(`find '${this.service.data}/jobs' -name '${this.id}.*'`);
      return stdout === "";
    });
  }
}
