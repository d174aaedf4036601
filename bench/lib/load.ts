/** A load generator for HTTP/1.1 on loopback: as many connections as asked for, one request at a time on each. */

export interface Load {
  port: number;
  connections: number;
  seconds: number;
  /** The bytes of the nth request of a connection. */
  request(connection: number, n: number): Uint8Array;
}

export interface LoadResult {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Answers by status code. */
  statuses: Map<number, number>;
}

export async function load({ port, connections, seconds, request }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const statuses = new Map<number, number>();
  const begin = performance.now();
  const until = begin + seconds * 1000;
  await Promise.all(Array.from({ length: connections }, async (_, connection) => {
    const socket = await Deno.connect({ hostname: "127.0.0.1", port });
    socket.setNoDelay(true);
    const read = responseReader(socket);
    for (let n = 0; performance.now() < until; n++) {
      const sent = performance.now();
      await socket.write(request(connection, n));
      const status = await read();
      latencies.push(performance.now() - sent);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    socket.close();
  }));
  const took = (performance.now() - begin) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { perSecond: latencies.length / took, p50: at(0.5), p99: at(0.99), statuses };
}

/** Reads one answer after the other and gives its status. Bodies need a `Content-Length`. */
function responseReader(socket: Deno.Conn): () => Promise<number> {
  const buffer = new Uint8Array(64 * 1024);
  const decoder = new TextDecoder("latin1");
  return async () => {
    let head = "";
    for (;;) {
      const count = await socket.read(buffer);
      if (count === null) throw new Error("The server closed the connection.");
      head += decoder.decode(buffer.subarray(0, count));
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) continue;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head.slice(0, end + 2))?.[1] ?? 0);
      if (head.length >= end + 4 + length) return Number(head.slice(9, 12));
    }
  };
}

/** A request line with what every request needs, `fields` beside it, and its body. */
export function httpRequest(method: string, path: string, body?: string, fields: string[] = []): Uint8Array {
  const length = body === undefined ? [] : [`Content-Length: ${new TextEncoder().encode(body).length}`];
  const head = [`${method} ${path} HTTP/1.1`, "Host: localhost", ...length, ...fields].join("\r\n");
  return new TextEncoder().encode(`${head}\r\n\r\n${body ?? ""}`);
}
