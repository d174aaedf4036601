/** An upload that is under way, byte by byte as a test wants it. */

import { eventually } from "./eventually.ts";
import { RawConnection } from "./raw_exchange.ts";
import type { Service } from "./service.ts";

export interface HalfUpload extends Disposable {
  /** Of the worker that takes it. */
  id: string;
  connection: RawConnection;
}

export interface HalfUploadOptions {
  /** With its question mark. */
  query?: string;
  headers?: Record<string, string>;
  /** What is sent of the body at once. */
  bytes: Uint8Array;
  /** What is announced of it. */
  length: number;
}

/** Takes a slot and begins an upload in it; resolves when the server has all that was sent of it. */
export async function halfUpload(service: Service, options: HalfUploadOptions): Promise<HalfUpload> {
  const { query = "", headers = {}, bytes, length } = options;
  const id = (await service.call("GET", "/new_job")).json<{ "worker-id": string }>()["worker-id"];
  const from = Number(headers["upload-offset"] ?? 0);
  const connection = await RawConnection.open(service.url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await connection.send(
    `POST /upload/new/${id}${query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines}` +
      `Content-Length: ${length}\r\n\r\n`,
  );
  await connection.send(bytes);
  await eventually("what was sent has arrived", async () => {
    const { bytes: now, status } = (await service.call("GET", `/status/${id}`)).json<
      { bytes: number; status: string }
    >();
    if (status !== "running") throw new Error(`it is ${status}`);
    return now === from + bytes.length;
  });
  return { id, connection, [Symbol.dispose]: () => connection[Symbol.dispose]() };
}
