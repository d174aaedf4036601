/**
 * The runtime's own HTTP server doing nothing else: the yardstick. Prints its port. With the argument `alike` it reads the
 * header fields that Stint reads and answers with as many as Stint does: what that costs by itself. With `syncing` it puts
 * every body on disk before it answers, all that came at once with one sync: what no durable store on it can be faster than.
 */

import { setImmediate } from "node:timers";
import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from "node:fs";

const answer = new TextEncoder().encode("v".repeat(64));
const options = { hostname: "127.0.0.1", port: 0, onListen: ({ port }: Deno.NetAddr) => console.log(port) };
const READ = ["host", "origin", "sec-fetch-site", "if-match", "if-none-match"];

if (Deno.args[0] === "alike") Deno.serve(options, alike);
else if (Deno.args[0] === "syncing") Deno.serve(options, syncing());
else {
  Deno.serve(options, async (request) => {
    if (request.method === "GET") return new Response(answer);
    await request.arrayBuffer();
    return new Response(null, { status: 204 });
  });
}

async function alike(request: Request): Promise<Response> {
  for (const name of READ) request.headers.get(name);
  const own = { "etag": '"1234567"', "x-request-id": crypto.randomUUID() };
  if (request.method !== "GET") {
    await request.bytes();
    return new Response(null, { status: 204, headers: own });
  }
  const headers = {
    "content-type": "application/octet-stream",
    ...own,
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  };
  return new Response("v".repeat(64), { headers });
}

function syncing(): (request: Request) => Promise<Response> {
  const path = Deno.makeTempFileSync();
  const file = openSync(path, "w");
  addEventListener("unload", () => closeSync(file));
  const room = 4096 * 1000;
  // The room is there before, as it is in a journal.
  writeSync(file, new Uint8Array(room));
  fsyncSync(file);
  Deno.removeSync(path);
  let waiting: (() => void)[] = [];
  let bytes: Uint8Array[] = [];
  let at = 0;
  const flush = () => {
    const [done, page] = [waiting, new Uint8Array(4096 * Math.ceil(bytes.length / 32))];
    bytes.forEach((each, i) => page.set(each.subarray(0, 128), i * 128));
    [waiting, bytes] = [[], []];
    if (at + page.length > room) at = 0;
    writeSync(file, page, 0, page.length, at);
    fdatasyncSync(file);
    at += page.length;
    for (const resolve of done) resolve();
  };
  return async (request) => {
    const body = await request.bytes();
    if (waiting.length === 0) setImmediate(flush);
    bytes.push(body);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return new Response(null, { status: 204 });
  };
}
