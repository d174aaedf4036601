/** Uploads (document 002): a body becomes a file, or nothing does; one that may be gone on with waits for that. */

import { Problem } from "../../domain/errors.ts";
import type { FileRecord } from "../../domain/file.ts";
import type { Change } from "../ports/store.ts";
import type { Workers } from "../workers/workers.ts";
import type { WorkerStatus } from "../workers/worker_status.ts";
import { breakOff, withWayOn } from "./broken_off.ts";
import type { TransfersContext } from "./context.ts";
import { mismatch } from "./read_through.ts";
import { receive, type Received } from "./receive.ts";
import { checkTarget, exists, type TargetConditions } from "./target.ts";
import { Terminated, Transfer } from "./transfer.ts";
import { planUpload, type UploadPlan } from "./upload_plan.ts";
import type { UploadRequest } from "./upload_request.ts";

export class Uploads {
  constructor(private readonly context: TransfersContext, private readonly workers: Workers) {}

  /**
   * Receives a file and answers when that is over: `completed`, or `terminated` with nothing kept.
   * @throws {Problem} and the worker stays usable: `worker_unknown`, `worker_expired`, `worker_used`, `shutting_down`,
   * `invalid_file_name`, `file_exists`, `precondition_failed`; for one that goes on: `not_found`, `upload_active`,
   * `upload_offset_mismatch`, `invalid_request`.
   * @throws {Problem} and the worker has failed: `digest_mismatch` and whatever else the body fails with;
   * `file_exists`, `precondition_failed` when another came first; `transfer_failed` when it could not be finished.
   */
  async upload(workerId: string, request: UploadRequest): Promise<WorkerStatus> {
    await this.workers.check(workerId);
    const plan = await planUpload(this.context, workerId, request);
    try {
      const { name, total, from, together } = plan;
      const transfer = new Transfer(this.context.clock);
      transfer.startAt(from);
      await this.workers.begin(workerId, "upload", transfer, { file: name, total, bytes: from }, together);
      const letGo = transfer.stopOn(request.signal);
      await this.#run(workerId, plan, request, transfer).finally(letGo);
      return await this.workers.status(workerId);
    } finally {
      plan.release();
    }
  }

  async #run(workerId: string, plan: UploadPlan, request: UploadRequest, transfer: Transfer): Promise<void> {
    const { area, deadline } = this.context;
    const { total, from, partial } = plan;
    const path = area.partial(partial?.id ?? workerId);
    const digests = request.resumable?.digests ?? [];
    const algorithms = digests.map(({ algorithm }) => algorithm);
    const resumable = partial && { from, most: total ?? Infinity, algorithms };
    try {
      const received = await receive(request.body, transfer, { path, deadline, resumable });
      checkLength(received.bytes, total);
      for (const digest of digests) {
        if (!received.digests.get(digest.algorithm)!.equals(digest.value)) throw mismatch(digest);
      }
      await this.#publish(workerId, plan, request, path, received);
    } catch (error) {
      const kept = await breakOff(this.context, path, plan, error);
      // Whoever sees that it has ended may go on with it, or use its name, at once.
      plan.release();
      if (error instanceof Terminated) return;
      const problem = asProblem(error, transfer);
      const told = partial && kept > 0 ? withWayOn(problem, partial, kept) : withNothing(problem);
      await this.workers.finish(workerId, "failed", { bytes: transfer.bytes(), error: told.message });
      throw told;
    }
  }

  /** Gives what was received its name. The file, its record and the worker's end become true together. */
  #publish(
    workerId: string,
    { name, partial }: UploadPlan,
    conditions: TargetConditions,
    path: string,
    { bytes, sha256, mtime }: Received,
  ): Promise<void> {
    const { area, clock } = this.context;
    return area.lock.run(name, async () => {
      const before = await checkTarget(this.context, name, conditions);
      const placed = await area.place(path, name);
      try {
        const value: FileRecord = { name, bytes, sha256, created: clock.now(), mtime };
        const expect: Change["expect"] = before ? { is: "version", oneOf: [before.version] } : { is: "absent" };
        const changes: Change[] = [{ kind: "file", id: name, expect, value }];
        if (partial) changes.push({ kind: "upload", id: partial.id, expect: { is: "any" }, value: null });
        const outcome = await this.workers.complete(workerId, { bytes, total: bytes, sha256 }, changes);
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

/** The body ended where it should not have. */
class BrokenOff extends Problem {}

function checkLength(bytes: number, announced: number | null): void {
  if (announced === null || bytes === announced) return;
  throw new BrokenOff("transfer_failed", `The body ended after ${bytes} of ${announced} bytes.`);
}

/** The file system, or the body, failed. */
function asProblem(error: unknown, transfer: Transfer): Problem {
  if (error instanceof Problem) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new BrokenOff("transfer_failed", `The upload failed after ${transfer.bytes()} bytes (${reason}).`, {
    cause: error,
  });
}

function withNothing(problem: Problem): Problem {
  if (!(problem instanceof BrokenOff)) return problem;
  return new Problem(problem.code, `${problem.message} Nothing was kept.`, problem.extras);
}
