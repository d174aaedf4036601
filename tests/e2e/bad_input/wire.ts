/** A connection byte by byte, and what the server makes of it. */

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export interface Heard {
  /** All answers, those that announce another one (1xx) left out, the probe's last. */
  answers: Answer[];
  /** Announcements, by their status. */
  announced: number[];
  /** Whether the probe that followed the request on the same connection was answered. */
  kept: boolean;
  /** Nothing came for so long that it was given up. */
  hung: boolean;
}

/** What a server needs that answers or closes at all. */
const LIMIT_MS = 20_000;

const PROBE = "GET /-/healthy HTTP/1.1";

/** Sends `text`, one character a byte, in `pieces`, and `ends` the sending there; else, behind its answer, a request that there is nothing wrong with. */
export async function tell(port: number, text: string, { pieces = 1, ends = false } = {}): Promise<Heard> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  let hung = false;
  const limit = setTimeout(() => {
    hung = true;
    connection.close();
  }, LIMIT_MS);
  const wire = new Wire(connection, / HEAD |^HEAD /.test(text.slice(0, 5)));
  const size = Math.ceil(text.length / pieces);
  for (let at = 0; at < text.length; at += size) {
    await wire.send(text.slice(at, at + size));
    if (pieces > 1) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (ends) await connection.closeWrite();
  await wire.until(1);
  const before = wire.answers.length;
  if (!wire.ended && !ends) {
    await wire.send(`${PROBE}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    await wire.until(Infinity);
  }
  clearTimeout(limit);
  if (!hung) connection.close();
  const kept = wire.answers.length > Math.max(1, before);
  return { answers: wire.answers, announced: wire.announced, kept, hung };
}

class Wire {
  readonly answers: Answer[] = [];
  readonly announced: number[] = [];
  ended = false;
  #bytes = "";

  /** `toHead`: the first answer has no body. */
  constructor(private readonly connection: Deno.TcpConn, private toHead: boolean) {}

  /** A server that has refused what it was sent need not take the rest. */
  async send(text: string): Promise<void> {
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    try {
      for (let at = 0; at < bytes.length;) at += await this.connection.write(bytes.subarray(at));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** Reads until there are so many answers, or the other end has closed. */
  async until(count: number): Promise<void> {
    const buffer = new Uint8Array(65_536);
    while (this.answers.length < count && !this.ended) {
      const size = await this.connection.read(buffer).catch((error) => {
        if (isGone(error)) return null;
        throw error;
      });
      this.ended = size === null;
      for (const byte of buffer.subarray(0, size ?? 0)) this.#bytes += String.fromCharCode(byte);
      while (this.#takeOne());
    }
  }

  /** Takes one whole answer off what has come. */
  #takeOne(): boolean {
    const end = this.#bytes.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const [first = "", ...lines] = this.#bytes.slice(0, end).split("\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? NaN);
    const headers = new Headers(lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }));
    const announces = status >= 100 && status < 200;
    const bare = announces || status === 204 || status === 304 || (this.toHead && this.answers.length === 0);
    const body = bare ? { text: "", length: 0 } : bodyIn(this.#bytes.slice(end + 4), headers, this.ended);
    if (!body) return false;
    this.#bytes = this.#bytes.slice(end + 4 + body.length);
    if (announces) this.announced.push(status);
    else {
      const bytes = Uint8Array.from(body.text, (char) => char.charCodeAt(0));
      this.answers.push({ status, headers, text: new TextDecoder().decode(bytes) });
    }
    return true;
  }
}

/** The body at the beginning of `bytes`, and how much of them it takes; undefined when not all of it is there. */
function bodyIn(bytes: string, headers: Headers, ended: boolean): { text: string; length: number } | undefined {
  if (headers.get("transfer-encoding") === "chunked") return chunksIn(bytes);
  const length = headers.get("content-length");
  if (length === null) return ended ? { text: bytes, length: bytes.length } : undefined;
  return bytes.length < Number(length) ? undefined : { text: bytes.slice(0, Number(length)), length: Number(length) };
}

function chunksIn(bytes: string): { text: string; length: number } | undefined {
  let text = "";
  for (let at = 0;;) {
    const line = bytes.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const size = parseInt(bytes.slice(at, line), 16);
    const next = line + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { text, length: next };
    text += bytes.slice(line + 2, next - 2);
    at = next;
  }
}

function isGone(error: unknown): boolean {
  return [Deno.errors.ConnectionReset, Deno.errors.BrokenPipe, Deno.errors.BadResource, Deno.errors.Interrupted]
    .some((kind) => error instanceof kind);
}
