/** HTTP/1.1 byte by byte, for requests that no decent client would send. */

export interface RawRequest {
  method: string;
  /** Put on the request line as it stands. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The server closed the connection within the time that it was given. */
  closed: boolean;
}

/** What a server that closes a connection at all does not need. */
const CLOSE_LIMIT_MS = 10_000;

const encoder = new TextEncoder();

/** Sends one request on a connection of its own and reads the answer until the connection closes. */
export function rawCall(port: number, { method, path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  const fields: Record<string, string> = { Host: `127.0.0.1:${port}`, Connection: "close", ...headers };
  const given = Object.keys(fields).map((name) => name.toLowerCase());
  if (bytes && !given.includes("content-length") && !given.includes("transfer-encoding")) {
    fields["Content-Length"] = String(bytes.length);
  }
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return rawBytes(port, `${method} ${path} HTTP/1.1\r\n${head}\r\n`, bytes);
}

/** Sends these very bytes and reads the answer until the connection closes. */
export async function rawBytes(port: number, head: string, body?: Uint8Array): Promise<RawAnswer> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  // Else a body waits for the head to be acknowledged, which takes its time.
  connection.setNoDelay(true);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let closed = true;
  const limit = setTimeout(() => {
    closed = false;
    connection.close();
  }, CLOSE_LIMIT_MS);
  const read = async () => {
    for (;;) {
      const buffer = new Uint8Array(65_536);
      const size = await connection.read(buffer);
      if (size === null) return;
      parts.push(buffer.subarray(0, size));
    }
  };
  const write = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  };
  // A server that refuses early need not take the rest, and may reset the connection when it has answered.
  await Promise.allSettled([read(), write(encoder.encode(head)).then(() => body && write(body))]);
  clearTimeout(limit);
  if (closed) connection.close();
  return { ...parse(await new Blob(parts).text()), closed };
}

/** What came back, text or none: a connection that breaks off is no answer, status 0. */
function parse(text: string): Omit<RawAnswer, "closed"> {
  const end = text.indexOf("\r\n\r\n");
  const [first, ...lines] = text.slice(0, Math.max(0, end)).split("\r\n");
  const headers = new Headers(
    lines.map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const body = text.slice(end + 4);
  const chunked = headers.get("transfer-encoding") === "chunked";
  return { status: Number(first?.split(" ")[1] ?? 0), headers, text: chunked ? unchunk(body) : body };
}

/** Takes text apart that came in chunks; their sizes count bytes, so a chunk with a character beyond ASCII is cut by bytes. */
function unchunk(body: string): string {
  const bytes = encoder.encode(body);
  const decoder = new TextDecoder();
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const line = decoder.decode(bytes.subarray(at, bytes.indexOf(10, at)));
    const size = parseInt(line, 16);
    if (!(size > 0)) break;
    const start = bytes.indexOf(10, at) + 1;
    text += decoder.decode(bytes.subarray(start, start + size), { stream: true });
    at = start + size + 2;
  }
  return text;
}
