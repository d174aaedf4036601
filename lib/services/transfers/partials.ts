/** What has arrived of uploads that may be gone on with: list, look, forget. */

import { Problem } from "../../domain/errors.ts";
import { expiryOf, type PartialUpload } from "../../domain/partial_upload.ts";
import { commit } from "../commit.ts";
import type { Page, UploadQuery, Versioned } from "../ports/store.ts";
import type { TransfersContext } from "./context.ts";
import { remove } from "./file_area.ts";
import { sha256OfFirst } from "./hash_file.ts";

export interface PartialFacts {
  upload: PartialUpload;
  /** How many bytes of it are there. */
  bytes: number;
  /** When it is forgotten, in milliseconds since the epoch; null while a worker brings more, or when it is kept for good. */
  expires: number | null;
  /** The worker that brings more of it at this moment. */
  worker: string | null;
}

export class Partials {
  constructor(private readonly context: TransfersContext) {}

  /** Newest first. @throws {Problem} `invalid_request` for a cursor that is none. */
  async list(query: UploadQuery): Promise<Page<PartialFacts>> {
    const { store, area } = this.context;
    const page = await store.uploads.list(query);
    const there = page.items.filter(({ value }) => !isOver(this.context, value));
    const items = there.map(async ({ value }) => this.#facts(value, await area.partialSize(value.id) ?? 0));
    return { ...page, items: await Promise.all(items) };
  }

  /** With the bytes of it that are on disk, whatever happens. @throws {Problem} `not_found`. */
  async get(id: string): Promise<PartialFacts> {
    const { value } = await findPartial(this.context, id);
    return this.#facts(value, await this.context.area.syncedSize(id));
  }

  /**
   * The same with the SHA-256 of those bytes, in hexadecimal; null while a worker brings more. Takes as long as reading
   * them does.
   * @throws {Problem} `not_found`.
   */
  async inspect(id: string): Promise<PartialFacts & { sha256: string | null }> {
    const facts = await this.get(id);
    if (facts.worker !== null) return { ...facts, sha256: null };
    try {
      return { ...facts, sha256: await sha256OfFirst(this.context.area.partial(id), facts.bytes) };
    } catch (error) {
      // Somebody went on with it, and was done or gave it up, meanwhile.
      if (error instanceof Deno.errors.NotFound) throw noUpload(id);
      throw error;
    }
  }

  /** @throws {Problem} `not_found`, `upload_active`, `storage_full`, `storage_failed`. */
  async forget(id: string): Promise<void> {
    await findPartial(this.context, id);
    const letGo = this.context.area.holds.take(id, null);
    try {
      await forgetPartial(this.context, id);
    } finally {
      letGo();
    }
  }

  #facts(upload: PartialUpload, bytes: number): PartialFacts {
    const worker = this.context.area.holds.workerAt(upload.id);
    const expires = worker === null ? expiryOf(upload, this.context.keepPartialMs) : null;
    return { upload, bytes, worker, expires };
  }
}

/** @throws {Problem} `not_found`, also when its time is over. */
export async function findPartial(context: TransfersContext, id: string): Promise<Versioned<PartialUpload>> {
  const found = await context.store.uploads.get(id);
  if (!found || isOver(context, found.value)) throw noUpload(id);
  return found;
}

/** Removes it and its record. Whoever calls has it to himself. */
export async function forgetPartial({ store, clock, area }: TransfersContext, id: string): Promise<void> {
  // The record first: without it, what lies in the directory goes at the next start at the latest.
  await commit(store, clock, [{ kind: "upload", id, expect: { is: "any" }, value: null }]);
  await remove(area.partial(id));
}

/** Whether it is only waiting to be swept away. */
export function isOver({ clock, area, keepPartialMs }: TransfersContext, upload: PartialUpload): boolean {
  const expires = expiryOf(upload, keepPartialMs);
  return expires !== null && expires <= clock.now() && area.holds.workerAt(upload.id) === null;
}

function noUpload(id: string): Problem {
  return new Problem(
    "not_found",
    `There is no upload ${JSON.stringify(id.slice(0, 100))} that could be gone on with. It may have been completed, ` +
      "or has expired; GET /api/uploads lists what there is. Send the file from its beginning.",
  );
}
