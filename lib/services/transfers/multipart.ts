/** The file in a `multipart/form-data` body (RFC 7578). */

import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import { once } from "node:events";
import type { BodyDeadline } from "../../body_deadline.ts";
import type { Digest } from "../../domain/digest_field.ts";
import { Problem } from "../../domain/errors.ts";
import { readThrough } from "./read_through.ts";

export interface MultipartFile {
  /** As the client gave it, a path included; undefined when it gave none. */
  name: string | undefined;
  body: ReadableStream<Uint8Array>;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Reads up to the first file of a form; its body then pulls the rest. Other fields and files are passed over. The
 * digests are of the form as a whole, as it was sent.
 * @throws {Problem} `invalid_request` when it is no form with a file in it; the body fails so when that shows later.
 */
export async function fileFromMultipart(
  contentType: string,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  digests: Digest[] = [],
  deadline?: BodyDeadline,
): Promise<MultipartFile> {
  const parser = makeParser(contentType);
  const reader = readThrough(body, digests).getReader();
  const first = firstFile(parser);
  let before = true;
  // Whoever reads the file looks after what comes then.
  const next = () => before && deadline ? deadline.within(reader.read()) : reader.read();
  const parsed = feed(parser, next);
  // Whoever reads the file hears of it; until somebody does, nobody is to be surprised.
  parsed.catch(() => {});
  const found = await Promise.race([first, parsed]).catch(async (error) => {
    await reader.cancel();
    throw error;
  });
  before = false;
  if (!found) throw malformed("it has no part with a file");
  parsed.catch((error) => found.stream.destroy(error));
  return { name: found.name, body: bodyOf(found.stream, parsed, () => reader.cancel()) };
}

function makeParser(contentType: string): BusboyInstance {
  if (!/^multipart\/form-data[ \t]*;/i.test(contentType)) throw malformed("its Content-Type names no boundary");
  try {
    // Paths are kept, so that they can be refused rather than cut.
    return new Busboy({ headers: { "content-type": contentType }, preservePath: true });
  } catch (error) {
    throw malformed((error as Error).message);
  }
}

function firstFile(parser: BusboyInstance): Promise<{ name: string | undefined; stream: BusboyFileStream }> {
  return new Promise((resolve) => {
    let found = false;
    parser.on("file", (_field, stream, name) => {
      // The parser fails with it, and that is listened to.
      stream.on("error", () => {});
      if (found) return stream.resume();
      found = true;
      resolve({ name: name || undefined, stream });
    });
  });
}

/** Gives the parser what it can take. Resolves when it has understood all; the last digest is right then, too. */
async function feed(parser: BusboyInstance, next: Reader["read"]): Promise<undefined> {
  const over = once(parser, "finish");
  over.catch(() => {});
  let reading = false;
  try {
    for (;;) {
      reading = true;
      const { done, value } = await next();
      reading = false;
      if (done) break;
      if (!parser.write(value)) await once(parser, "drain");
    }
    parser.end();
    await over;
  } catch (error) {
    parser.destroy();
    if (error instanceof Problem) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw reading ? new Problem("transfer_failed", `The body broke off: ${reason}.`) : malformed(reason);
  }
}

function bodyOf(
  stream: BusboyFileStream,
  parsed: Promise<unknown>,
  cancel: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next().catch(async (error) => {
        // What the parser says is the better reason.
        await parsed;
        throw error;
      });
      if (!done) return controller.enqueue(value);
      await parsed;
      controller.close();
    },
    async cancel() {
      await cancel();
      stream.destroy();
    },
  }, { highWaterMark: 0 });
}

function malformed(reason: string): Problem {
  return new Problem("invalid_request", `The body is not the multipart/form-data it is declared to be: ${reason}.`);
}
