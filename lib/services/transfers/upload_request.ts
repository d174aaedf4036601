/** What somebody wants to upload. */

import type { Digest } from "../../domain/digest_field.ts";
import type { TargetConditions } from "./target.ts";

export interface UploadRequest extends TargetConditions {
  /** Default: the worker's id. */
  name?: string;
  /** Read as it can be written, and cancelled when the upload ends early. */
  body: ReadableStream<Uint8Array>;
  /** How many bytes there will be, where that is known. */
  length?: number;
  /** Aborts when the client has left. */
  signal?: AbortSignal;
  /** What has arrived is kept when it breaks off, and may be gone on with. */
  resumable?: Resumable;
}

export interface Resumable {
  /** The upload that this one goes on with, and from which byte on. Not there: it begins one, known by the worker's id. */
  resume?: { id: string; offset: number };
  /** Size of the whole, where the client says it. */
  total?: number;
  /** Of the whole. */
  digests: Digest[];
}
