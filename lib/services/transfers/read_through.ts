/** A body as it is read, checked on the way. */

import { createHash } from "node:crypto";
import type { Digest } from "../../domain/digest_field.ts";
import { Problem } from "../../domain/errors.ts";

/**
 * The bytes of a request body, read only when they are asked for. In the place of its end it fails with
 * `digest_mismatch` when a digest is not its own. Cancelling leaves the rest unread where it is: cancelling the body
 * itself would have the runtime read on to its end, however long that is.
 */
export function readThrough(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  digests: Digest[] = [],
): ReadableStream<Uint8Array<ArrayBuffer>> {
  // Not before the first byte is asked for: a body that is refused unread stays free for whoever clears it away.
  let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  const checks = digests.map((digest) => ({ digest, hash: createHash(digest.algorithm.replace("-", "")) }));
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      reader ??= body?.getReader();
      const { done, value } = await reader?.read() ?? { done: true, value: undefined };
      if (!done) {
        for (const { hash } of checks) hash.update(value);
        return controller.enqueue(value);
      }
      for (const { hash, digest } of checks) {
        if (!hash.digest().equals(digest.value)) throw new ContentMismatch(digest);
      }
      controller.close();
    },
    cancel() {
      reader?.releaseLock();
    },
  }, { highWaterMark: 0 });
}

/** A body is not what its own digest says. */
export class ContentMismatch extends Problem {
  constructor({ algorithm }: Digest) {
    super(
      "digest_mismatch",
      `What arrived does not have the ${algorithm} digest that was announced; nothing of it was kept. Send it again.`,
    );
  }
}

/** A whole is not what its digest says. */
export function mismatch({ algorithm }: Digest): Problem {
  return new Problem(
    "digest_mismatch",
    `The whole does not have the ${algorithm} digest that was announced; nothing was kept. Send it from its beginning.`,
  );
}
