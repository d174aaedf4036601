/** The transfer services behind a real HTTP server, with just enough of routes to reach them, in a temporary directory. */

import { join } from "node:path";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { parseDigestField } from "../../lib/domain/digest_field.ts";
import { Problem } from "../../lib/domain/errors.ts";
import type { Store } from "../../lib/services/ports/store.ts";
import { Slots } from "../../lib/services/slots.ts";
import { Downloads } from "../../lib/services/transfers/downloads.ts";
import { FileArea } from "../../lib/services/transfers/file_area.ts";
import { Files } from "../../lib/services/transfers/files.ts";
import { fileFromMultipart } from "../../lib/services/transfers/multipart.ts";
import { readThrough } from "../../lib/services/transfers/read_through.ts";
import { Partials } from "../../lib/services/transfers/partials.ts";
import type { TransfersContext } from "../../lib/services/transfers/context.ts";
import { Uploads } from "../../lib/services/transfers/uploads.ts";
import { Workers } from "../../lib/services/workers/workers.ts";
import { givingBack } from "../../routes/giving_back.ts";
import { openStore } from "../../lib/store/open.ts";
import { MemoryStore } from "./memory_store.ts";
import { tempDir } from "./temp_dir.ts";

export interface Services {
  directory: string;
  store: Store;
  slots: Slots;
  workers: Workers;
  files: Files;
  uploads: Uploads;
  partials: Partials;
  /** For what no service does: sweeping. */
  context: TransfersContext;
  downloads: Downloads;
}

export interface ServicesOptions {
  directory: string;
  store?: Store;
  slots?: Slots;
  clock?: Clock;
  keepPartialMs?: number;
}

/** Opens the services over `<directory>/files`; with a store in memory unless another is given. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { directory, store = new MemoryStore(), slots = new Slots(8), clock = systemClock() } = options;
  const { keepPartialMs = 86_400_000 } = options;
  const context = { store, clock, area: new FileArea(join(directory, "files")), keepPartialMs };
  const workers = new Workers({ store, slots, clock, ttlMs: 300_000 });
  const files = new Files(context);
  await files.open();
  await workers.open();
  await files.reconcile();
  const uploads = new Uploads(context, workers);
  const partials = new Partials(context);
  const downloads = new Downloads(context, workers);
  return { directory, store, slots, workers, files, uploads, partials, context, downloads };
}

export interface TransferServer extends AsyncDisposable, Services {
  url: string;
  /** What lies in the directory of files, unfinished ones included. */
  onDisk(): Promise<{ files: string[]; partial: string[] }>;
}

/** `POST /upload/{id}?name=&replace=`, `POST /download/{id}?file=`, on the store on disk. */
export async function transferServer(): Promise<TransferServer> {
  const directory = await tempDir();
  const store = await openStore({ directory: directory.path });
  const services = await openServices({ directory: directory.path, store });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    try {
      return await answer(services, request);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return Response.json({ code: error.code, detail: error.message }, { status: 500 });
    }
  });
  return {
    ...services,
    url: `http://127.0.0.1:${server.addr.port}`,
    async onDisk() {
      const files = join(directory.path, "files");
      return { files: await names(files), partial: await names(join(files, ".partial")) };
    },
    async [Symbol.asyncDispose]() {
      services.workers.close();
      await server.shutdown();
      await store.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function answer({ uploads, downloads }: Services, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const [, verb, id = ""] = pathname.split("/");
  const { signal } = request;
  if (verb === "download") {
    const range = request.headers.get("range");
    const download = await downloads.download(id, { name: searchParams.get("file") ?? "", range, signal });
    const headers = { "content-length": String(download.length), etag: download.etag };
    return new Response(download.stream, { status: download.range ? 206 : 200, headers });
  }
  const name = searchParams.get("name");
  const type = request.headers.get("content-type") ?? "";
  const length = request.headers.get("content-length");
  const digests = parseDigests(request.headers.get("content-digest"));
  const source = type.startsWith("multipart/") ? await fileFromMultipart(type, request.body, digests) : {
    name: undefined,
    body: givingBack(readThrough(request.body, digests)),
    ...(length && { length: Number(length) }),
  };
  const chosen = name ?? source.name;
  const status = await uploads.upload(id, {
    ...source,
    ...(chosen === undefined ? { name: undefined } : { name: chosen }),
    replace: searchParams.get("replace") === "true",
    signal,
  });
  return Response.json(status);
}

function parseDigests(field: string | null) {
  return field === null ? [] : parseDigestField(field);
}

async function names(directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(directory)) {
    if (name !== ".partial") found.push(name);
  }
  return found.sort();
}
