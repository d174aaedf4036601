/** Downloads (document 002): a stored file, or part of it, as a stream that can be held back and ended. */

import type { ByteRange } from "../../domain/byte_range.ts";
import { Problem } from "../../domain/errors.ts";
import type { FileRecord } from "../../domain/file.ts";
import type { Workers } from "../workers/workers.ts";
import type { TransfersContext } from "./context.ts";
import { ReaderLeft, type Reading, streamFile } from "./file_stream.ts";
import { chooseRange } from "./range.ts";
import { openStored, recordOf, type StoredFile } from "./stored_file.ts";
import { etagOf } from "./target.ts";
import { ClientLeft, Terminated, Transfer } from "./transfer.ts";

export interface DownloadRequest {
  name: string;
  /** The fields as they were sent. */
  range?: string | null;
  ifRange?: string | null;
  /** Aborts when the client has left. */
  signal?: AbortSignal;
}

export interface Download {
  record: FileRecord;
  etag: string;
  /** The part that is sent; null: the whole. */
  range: ByteRange | null;
  /** Bytes in the stream. */
  length: number;
  stream: ReadableStream<Uint8Array<ArrayBuffer>>;
}

export class Downloads {
  constructor(private readonly context: TransfersContext, private readonly workers: Workers) {}

  /**
   * Begins a download. From here on the stream tells: it ends with `completed`, or breaks off with an error.
   * @throws {Problem} and the worker stays usable: `worker_unknown`, `worker_expired`, `worker_used`, `shutting_down`,
   * `not_found`, `invalid_range`.
   */
  async download(workerId: string, request: DownloadRequest): Promise<Download> {
    await this.workers.check(workerId);
    await recordOf(this.context, request.name);
    const stored = await openStored(this.context, request.name);
    try {
      return await this.#begin(workerId, request, stored);
    } catch (error) {
      stored.file.close();
      throw error;
    }
  }

  async #begin(workerId: string, request: DownloadRequest, { file, record }: StoredFile): Promise<Download> {
    const etag = etagOf(record);
    const range = chooseRange(record, request.range, request.ifRange);
    const part = range ?? { start: 0, end: record.bytes };
    const length = part.end - part.start;
    const transfer: Transfer = new Transfer(this.context.clock, (error) => {
      // Nobody is there to hear of it, and the runtime lets go of the stream by itself.
      if (error instanceof ClientLeft) abandon();
      else breakOff(error.message);
      if (!(error instanceof Terminated)) reading.failed(error);
    });
    const reading = this.#reading(workerId, transfer, length);
    const { stream, breakOff, abandon } = streamFile(file, part, reading);
    await this.workers.begin(workerId, "download", transfer, { file: record.name, total: length });
    reading.letGo = transfer.stopOn(request.signal);
    return { record, etag, range, length, stream };
  }

  /** Writes down how the transfer ends. */
  #reading(workerId: string, transfer: Transfer, length: number): Reading & { letGo(): void } {
    const { workers, context } = this;
    return {
      letGo() {},
      pass: () => transfer.pass(),
      moved: (bytes) => transfer.moved(bytes),
      async completed() {
        this.letGo();
        const outcome = await workers.complete(workerId, { bytes: length });
        if (outcome !== "completed") throw new Terminated("The download was ended in its last moment.");
      },
      failed(error) {
        this.letGo();
        const bytes = transfer.bytes();
        workers.finish(workerId, "failed", { bytes, error: asProblem(error, bytes).message })
          .catch((error) => context.onError?.(`The end of download ${workerId} could not be put down.`, error));
      },
    };
  }
}

function asProblem(error: unknown, bytes: number): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ReaderLeft) return new ClientLeft(bytes, error);
  const reason = error instanceof Error ? error.message : String(error);
  return new Problem("transfer_failed", `The download failed after ${bytes} bytes: ${reason}`, { cause: error });
}
