/** Sends one file. */

import type { components } from "../../openapi/types.ts";
import { Again } from "../api/again.ts";
import { type Client, Unreachable } from "../api/client.ts";
import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import { Progress } from "../terminal/progress.ts";
import { Sha256, sha256Of } from "./digest.ts";
import { takeSlot } from "./slot.ts";
import { storedIfReadable } from "./stored.ts";

export type Worker = components["schemas"]["Worker"];

export interface Upload {
  path: string;
  name: string;
  replace: boolean;
  wait: boolean;
}

/** Milliseconds of silence after which it is asked whether the transfer was paused. */
const SILENCE = 1_500;

/**
 * Sends a file and resolves with the worker's final state; with nothing when the server has this very file already.
 * The contract takes a file from its beginning only: after a lost connection it is sent again, unless it arrived.
 * @throws {CliError}
 */
export async function upload(api: Client, out: Output, wish: Upload): Promise<Worker | undefined> {
  const { size, isFile } = await Deno.stat(wish.path);
  if (!isFile) throw new CliError(`${wish.path} is no file`, EXIT.usage);
  const again = new Again({ onLoss: (error) => out.note(`\nstint: ${error.message}; sending it again`) });
  while (true) {
    if (await isThere(api, wish, size)) return undefined;
    again.ok();
    try {
      return await attempt(api, out, wish, size);
    } catch (error) {
      await again.wait(error);
    }
  }
}

async function isThere(api: Client, { path, name }: Upload, size: number): Promise<boolean> {
  const known = await storedIfReadable(api, name);
  // Read through only where it may be the same.
  return known !== undefined && known.bytes === size && known.sha256 === await sha256Of(path);
}

async function attempt(api: Client, out: Output, wish: Upload, size: number): Promise<Worker> {
  const id = await takeSlot(api, out, wish.wait);
  const sum = new Sha256();
  using progress = new Progress(out, wish.name, size);
  const looking = setInterval(() => lookAfter(api, id, progress), SILENCE);
  try {
    const worker = await api.json<Worker>("POST", `/upload/new/${id}`, {
      query: new URLSearchParams({ name: wish.name, ...(wish.replace && { replace: "true" }) }),
      body: await bodyOf(wish.path, (bytes) => {
        sum.add(bytes);
        progress.add(bytes.length);
      }),
      headers: { "content-type": "application/octet-stream" },
    });
    if (worker.status !== "completed") {
      throw new CliError(`The upload of ${wish.name} was ended: it is ${worker.status}`, EXIT.failed);
    }
    if (worker.sha256 !== sum.hex()) {
      throw new CliError(
        `${wish.name} arrived otherwise than it was sent`,
        EXIT.failed,
        "Send it again with --replace.",
      );
    }
    return worker;
  } finally {
    clearInterval(looking);
  }
}

/** The file, read as the server takes it. */
async function bodyOf(
  path: string,
  onBytes: (bytes: Uint8Array) => void,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const file = await Deno.open(path);
  return file.readable.pipeThrough(
    new TransformStream({
      transform(bytes: Uint8Array<ArrayBuffer>, controller) {
        onBytes(bytes);
        controller.enqueue(bytes);
      },
    }),
  );
}

/** Says at the bar that somebody has paused the transfer. */
async function lookAfter(api: Client, id: string, progress: Progress): Promise<void> {
  if (progress.silence < SILENCE) return;
  try {
    const { status } = await api.json<Worker>("GET", `/status/${id}`);
    progress.state = status === "paused" ? "paused" : status === "running" ? "waiting for the server" : status;
  } catch (error) {
    // The transfer itself will say what is wrong.
    if (!(error instanceof CliError)) throw error;
    progress.state = error instanceof Unreachable ? "no connection" : undefined;
  }
}
