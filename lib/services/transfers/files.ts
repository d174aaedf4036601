/** What was uploaded: list, look, read, remove. */

import type { ByteRange } from "../../domain/byte_range.ts";
import { type EtagCondition, ifNoneMatchHolds } from "../../domain/etag.ts";
import type { FileRecord } from "../../domain/file.ts";
import { commit } from "../commit.ts";
import type { Page } from "../ports/store.ts";
import type { TransfersContext } from "./context.ts";
import { type FileStream, streamFile } from "./file_stream.ts";
import { recoverPartials } from "./partials_upkeep.ts";
import { chooseRange } from "./range.ts";
import { reconcileAll } from "./reconcile.ts";
import { fileNotFound, openStored, recordOf } from "./stored_file.ts";
import { checkConditions, etagOf } from "./target.ts";

export interface ReadRequest {
  /** The fields as they were sent. */
  range?: string | null;
  ifRange?: string | null;
  ifMatch?: EtagCondition;
  ifNoneMatch?: EtagCondition;
}

export interface FileFacts {
  record: FileRecord;
  etag: string;
}

/** What there is to answer: nothing new (304), or the whole or a part. */
export type OpenedFile =
  & FileFacts
  & (
    | { notModified: true }
    | {
      notModified: false;
      /** The part that is sent; null: the whole. */
      range: ByteRange | null;
      /** Bytes in the stream. */
      length: number;
      /** Has to be read or cancelled. */
      stream: FileStream["stream"];
    }
  );

export class Files {
  constructor(private readonly context: TransfersContext) {}

  /**
   * Makes the directories and removes what was left unfinished and cannot be gone on with. To be called before anything
   * else, workers included.
   */
  async open(): Promise<void> {
    const { area, onError } = this.context;
    const keep = await recoverPartials(this.context).catch((error: unknown) => {
      onError?.("What is known of unfinished uploads could not be read; all of them stay as they are.", error);
      return "all" as const;
    });
    await area.open(keep);
  }

  /** Makes the records agree with the disk. May go on beside everything else. */
  async reconcile(): Promise<void> {
    await reconcileAll(this.context);
  }

  /** By name. @throws {Problem} `invalid_request` for a cursor that is none. */
  async list(query: { limit: number; cursor?: string }): Promise<Page<FileRecord>> {
    const page = await this.context.store.files.list(query);
    return { ...page, items: page.items.map(({ value }) => value) };
  }

  /** @throws {Problem} `not_found`. */
  async get(name: string): Promise<FileFacts> {
    const record = await recordOf(this.context, name);
    return { record, etag: etagOf(record) };
  }

  /** @throws {Problem} `not_found`, `precondition_failed`, `invalid_range`. */
  async read(name: string, request: ReadRequest = {}): Promise<OpenedFile> {
    const { file, record } = await openStored(this.context, name);
    try {
      const facts = { record, etag: etagOf(record) };
      checkConditions(name, record, request.ifMatch ? { ifMatch: request.ifMatch } : {});
      if (request.ifNoneMatch && !ifNoneMatchHolds(request.ifNoneMatch, facts.etag)) {
        file.close();
        return { ...facts, notModified: true };
      }
      const range = chooseRange(record, request.range, request.ifRange);
      const part = range ?? { start: 0, end: record.bytes };
      const { stream } = streamFile(file, part);
      return { ...facts, notModified: false, range, length: part.end - part.start, stream };
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Whoever is reading the file reads on to its end. @throws {Problem} `not_found`, `precondition_failed`. */
  async delete(name: string, ifMatch?: EtagCondition): Promise<void> {
    await recordOf(this.context, name);
    const { area, store, clock } = this.context;
    await area.lock.run(name, async () => {
      const found = await store.files.get(name);
      if (!found) throw fileNotFound(name);
      checkConditions(name, found.value, ifMatch ? { ifMatch } : {});
      const taken = await area.stat(name) ? await area.take(name) : undefined;
      try {
        const expect = { is: "version" as const, oneOf: [found.version] };
        await commit(store, clock, [{ kind: "file", id: name, expect, value: null }]);
      } catch (error) {
        await taken?.undo();
        throw error;
      }
      await taken?.keep();
    });
  }
}
