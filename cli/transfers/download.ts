/** Fetches one file, going on where an earlier attempt was cut off. */

import { dirname } from "node:path";
import { Again } from "../api/again.ts";
import type { Client } from "../api/client.ts";
import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import { writeAll } from "../output.ts";
import { Progress } from "../terminal/progress.ts";
import { addFile, Sha256, sha256Of } from "./digest.ts";
import { filePath, type Stored, stored } from "./stored.ts";

/** Where the bytes go. */
interface Sink {
  /** How many are there already. */
  size: number;
  write(bytes: Uint8Array): Promise<void>;
}

export interface Download {
  name: string;
  /** Where to put it; undefined: standard output. */
  path?: string;
  replace: boolean;
}

export interface Fetched {
  name: string;
  path: string | null;
  bytes: number;
  sha256: string;
  /** How many of them were there from an earlier attempt. */
  resumed: number;
}

/**
 * Fetches a file into `path`, by way of `PATH.VERSION.part`, which an attempt that is cut off leaves behind for the next one.
 * @throws {CliError} exit code 4 when `path` holds something else.
 */
export async function download(api: Client, out: Output, wish: Download): Promise<Fetched> {
  const about = await known(api, wish.name);
  if (wish.path === undefined) return await toStandardOutput(api, out, wish.name, about);
  const { path } = wish;
  const there = await sameOrFree(path, about, wish.replace);
  if (there) return { name: wish.name, path, bytes: about.bytes, sha256: about.sha256 ?? "", resumed: about.bytes };
  await checkDirectory(path);
  const part = `${path}.${about.etag.replaceAll(/\W/g, "")}.part`;
  const resumed = await sizeOf(part);
  using file = await Deno.open(part, { create: true, append: true });
  const sink: Sink = {
    size: resumed,
    write: async (bytes) => {
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    },
  };
  const sum = new Sha256();
  await addFile(sum, part, resumed);
  const sha256 = await fetchInto(api, out, { name: wish.name, about, sink, sum });
  if (about.sha256 !== undefined && sha256 !== about.sha256) {
    await Deno.remove(part);
    throw corrupted(wish.name);
  }
  await file.sync();
  await Deno.rename(part, path);
  return { name: wish.name, path, bytes: about.bytes, sha256, resumed };
}

/** @throws {CliError} when there is no directory in which the file could be made. */
async function checkDirectory(path: string): Promise<void> {
  const directory = dirname(path);
  try {
    await Deno.stat(directory);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new CliError(
      `There is no directory ${directory}`,
      EXIT.usage,
      "Make it, or say another place: --output PATH.",
    );
  }
}

async function known(api: Client, name: string): Promise<Stored> {
  const about = await stored(api, name);
  if (about) return about;
  throw new CliError(
    `There is no file ${JSON.stringify(name)} on the server`,
    EXIT.notFound,
    "`stint files` lists them.",
  );
}

/** Whether that very file is there already. @throws {CliError} when something else is. */
async function sameOrFree(path: string, about: Stored, replace: boolean): Promise<boolean> {
  const size = await sizeOf(path, -1);
  if (size < 0) return false;
  if (size === about.bytes && about.sha256 === await sha256Of(path)) return true;
  if (replace) return false;
  throw new CliError(
    `${path} exists and is another file`,
    EXIT.conflict,
    "--replace overwrites it; -o names another place.",
  );
}

async function sizeOf(path: string, missing = 0): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return missing;
    throw error;
  }
}

async function toStandardOutput(api: Client, out: Output, name: string, about: Stored): Promise<Fetched> {
  const sink: Sink = { size: 0, write: (bytes) => Promise.resolve(writeAll(Deno.stdout, bytes)) };
  const sha256 = await fetchInto(api, out, { name, about, sink, sum: new Sha256() });
  if (about.sha256 !== undefined && sha256 !== about.sha256) throw corrupted(name);
  return { name, path: null, bytes: about.bytes, sha256, resumed: 0 };
}

interface Fetching {
  name: string;
  about: Stored;
  sink: Sink;
  sum: Sha256;
}

/** All that is missing, over lost connections. Resolves with the SHA-256 of the whole. */
async function fetchInto(api: Client, out: Output, { name, about, sink, sum }: Fetching): Promise<string> {
  using progress = new Progress(out, name, about.bytes, sink.size);
  const again = new Again({
    onLoss: () => progress.state = "no connection",
    onReturn: () => progress.state = undefined,
  });
  again.ok();
  while (sink.size < about.bytes) {
    try {
      const headers = { "if-match": about.etag, ...(sink.size > 0 && { range: `bytes=${sink.size}-` }) };
      const response = await api.request("GET", filePath(name), { headers });
      for await (const bytes of api.pieces(response)) {
        await sink.write(bytes);
        sum.add(bytes);
        sink.size += bytes.length;
        progress.add(bytes.length);
        again.ok();
      }
    } catch (error) {
      await again.wait(error);
    }
  }
  return sum.hex();
}

function corrupted(name: string): CliError {
  return new CliError(`${name} arrived otherwise than it is stored`, EXIT.failed, "Fetch it again.");
}
