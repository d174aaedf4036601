/** Uploads (document 002): a body becomes a file, or nothing does. */

import { Problem } from "../../domain/errors.ts";
import { checkFileName } from "../../domain/file_name.ts";
import type { FileRecord } from "../../domain/file.ts";
import type { Change } from "../ports/store.ts";
import type { Workers } from "../workers/workers.ts";
import type { WorkerStatus } from "../workers/worker_status.ts";
import type { TransfersContext } from "./context.ts";
import { remove } from "./file_area.ts";
import { receive, type Received } from "./receive.ts";
import { checkTarget, exists, type TargetConditions } from "./target.ts";
import { Terminated, Transfer } from "./transfer.ts";

export interface UploadRequest extends TargetConditions {
  /** Default: the worker's id. */
  name?: string;
  /** Read as it can be written, and cancelled when the upload ends early. */
  body: ReadableStream<Uint8Array>;
  /** How many bytes there will be, where that is known. */
  length?: number;
  /** Aborts when the client has left. */
  signal?: AbortSignal;
}

export class Uploads {
  constructor(private readonly context: TransfersContext, private readonly workers: Workers) {}

  /**
   * Receives a file and answers when that is over: `completed`, or `terminated` with nothing kept.
   * @throws {Problem} and the worker stays usable: `worker_unknown`, `worker_expired`, `worker_used`, `shutting_down`,
   * `invalid_file_name`, `file_exists`, `precondition_failed`.
   * @throws {Problem} and the worker has failed: `digest_mismatch` and whatever else the body fails with;
   * `file_exists`, `precondition_failed` when another came first; `transfer_failed` when it could not be finished.
   */
  async upload(workerId: string, request: UploadRequest): Promise<WorkerStatus> {
    const release = await this.#prepare(workerId, request);
    try {
      const name = request.name ?? workerId;
      const transfer = new Transfer(this.context.clock);
      await this.workers.begin(workerId, "upload", transfer, { file: name, total: request.length ?? null });
      const letGo = transfer.stopOn(request.signal);
      await this.#run(workerId, name, request, transfer).finally(letGo);
      return await this.workers.status(workerId);
    } finally {
      release();
    }
  }

  /** Everything that can be refused before a byte is read. Returns what lets go of the name. */
  async #prepare(workerId: string, request: UploadRequest): Promise<() => void> {
    await this.workers.check(workerId);
    const name = checkFileName(request.name ?? workerId);
    await checkTarget(this.context, name, request);
    // Who may replace does not mind who comes first; of the others only one can win, and it is better to know now.
    if (request.replace || request.ifMatch) return () => {};
    const { claimed } = this.context.area;
    if (claimed.has(name)) throw exists(name, "It is being uploaded by somebody else. Choose another name.");
    claimed.add(name);
    return () => claimed.delete(name);
  }

  async #run(workerId: string, name: string, request: UploadRequest, transfer: Transfer): Promise<void> {
    const partial = this.context.area.partial(workerId);
    try {
      const received = await receive(request.body, partial, transfer, this.context.deadline);
      checkLength(received.bytes, request.length);
      await this.#publish(workerId, name, request, partial, received);
    } catch (error) {
      await remove(partial);
      if (error instanceof Terminated) return;
      const problem = asProblem(error, transfer);
      await this.workers.finish(workerId, "failed", { bytes: transfer.bytes(), error: problem.message });
      throw problem;
    }
  }

  /** Gives what was received its name. The file, its record and the worker's end become true together. */
  #publish(
    workerId: string,
    name: string,
    conditions: TargetConditions,
    partial: string,
    { bytes, sha256, mtime }: Received,
  ): Promise<void> {
    const { area, clock } = this.context;
    return area.lock.run(name, async () => {
      const before = await checkTarget(this.context, name, conditions);
      const placed = await area.place(partial, name);
      try {
        const value: FileRecord = { name, bytes, sha256, created: clock.now(), mtime };
        const expect: Change["expect"] = before ? { is: "version", oneOf: [before.version] } : { is: "absent" };
        const change: Change = { kind: "file", id: name, expect, value };
        const outcome = await this.workers.complete(workerId, { bytes, total: bytes, sha256 }, [change]);
        if (outcome === "over") throw new Terminated("The upload was ended in its last moment.");
        if (outcome === "conflict") throw exists(name, "Somebody else made it in this very moment.");
      } catch (error) {
        await placed.undo();
        throw error;
      }
      await placed.keep();
    });
  }
}

function checkLength(bytes: number, announced: number | undefined): void {
  if (announced === undefined || bytes === announced) return;
  throw new Problem("transfer_failed", `The body ended after ${bytes} of ${announced} bytes; nothing was kept.`);
}

function asProblem(error: unknown, transfer: Transfer): Problem {
  if (error instanceof Problem) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Problem(
    "transfer_failed",
    `The upload failed after ${transfer.bytes()} bytes (${reason}); nothing was kept.`,
    { cause: error },
  );
}
