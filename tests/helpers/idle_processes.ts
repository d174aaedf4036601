/** Processes that never come to an end by themselves, for tests of what happens before them. */

import type { OpenOutput, Processes, RunEnd, RunHandle, RunRequest } from "../../lib/services/ports/processes.ts";

export class IdleProcesses implements Processes {
  objection(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** What was started, oldest first. */
  readonly started: RunRequest[] = [];
  #ends = new Map<number, (end: RunEnd) => void>();

  start(request: RunRequest): Promise<RunHandle> {
    this.started.push(request);
    const { promise: ended, resolve } = Promise.withResolvers<RunEnd>();
    this.#ends.set(request.jobId, resolve);
    const nothing = () => Promise.resolve();
    return Promise.resolve({
      jobId: request.jobId,
      pid: 1,
      started: 0,
      usage: null,
      ended,
      pause: nothing,
      resume: nothing,
      signal: nothing,
      members: () => Promise.resolve([]),
      terminate: () => {
        this.end(request.jobId, 143);
        return Promise.resolve([]);
      },
      giveUp: () => {},
    });
  }

  /** Lets a job's command end with that code. */
  end(jobId: number, code: number): void {
    this.#ends.get(jobId)?.({ how: "exited", code, signal: null, ended: 0, cpu: null });
  }

  adopt(): Promise<"never_began"> {
    return Promise.resolve("never_began");
  }

  outputSize(): Promise<number> {
    return Promise.resolve(0);
  }

  outputTail(): Promise<{ text: string; truncated: boolean }> {
    return Promise.resolve({ text: "", truncated: false });
  }

  readOutput(): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return Promise.resolve(new ReadableStream({ start: (controller) => controller.close() }));
  }

  openOutput(): OpenOutput {
    return { size: () => 0, read: () => Promise.resolve(new Uint8Array()), close() {} };
  }

  tailOffset(): Promise<number> {
    return Promise.resolve(0);
  }

  removeOutput(): Promise<void> {
    return Promise.resolve();
  }

  tidy(): Promise<void> {
    return Promise.resolve();
  }

  removeBeyond(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
