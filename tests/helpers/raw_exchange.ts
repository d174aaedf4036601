/** Milliseconds without a byte after which no answer is coming any more, on however busy a machine. */
const SILENCE_MS = 120_000;

/** A connection on which a test says exactly what it wants. */
export class RawConnection {
  #connection: Deno.TcpConn | Deno.TlsConn;
  #text = "";

  private constructor(connection: Deno.TcpConn | Deno.TlsConn) {
    this.#connection = connection;
  }

  /** `address`: `http://127.0.0.1:8080/`. `caCerts`: what a certificate is to be trusted by, as PEM texts. */
  static async open(address: string, caCerts?: string[]): Promise<RawConnection> {
    const { protocol, hostname, port } = new URL(address);
    if (protocol === "http:") return new RawConnection(await Deno.connect({ hostname, port: Number(port) }));
    const connection = await Deno.connectTls({ hostname, port: Number(port), caCerts });
    try {
      await connection.handshake();
    } catch (error) {
      connection.close();
      throw error;
    }
    return new RawConnection(connection);
  }

  async send(content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    for (let done = 0; done < bytes.length;) done += await this.#connection.write(bytes.subarray(done));
  }

  /**
   * Everything received so far, once `enough` of it is there or the other end has closed.
   * @throws {Error} when nothing more comes, so that a test fails rather than hangs.
   */
  async until(enough: (text: string) => boolean = () => false): Promise<string> {
    const chunk = new Uint8Array(16_384);
    while (!enough(this.#text)) {
      const count = await this.#read(chunk);
      if (count === null) break;
      this.#text += new TextDecoder().decode(chunk.subarray(0, count));
    }
    return this.#text;
  }

  async #read(chunk: Uint8Array): Promise<number | null> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silent = new Promise<never>((_, reject) => {
      const giveUp = () => reject(new Error(`Nothing more came; so far: ${JSON.stringify(this.#text)}`));
      timer = setTimeout(giveUp, SILENCE_MS);
    });
    try {
      return await Promise.race([this.#connection.read(chunk), silent]);
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.UnexpectedEof) return null;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

/** Sends one request as it stands and gives back the whole answer; it has to ask for `Connection: close`. */
export async function exchange(address: string, request: string, caCerts?: string[]): Promise<string> {
  using connection = await RawConnection.open(address, caCerts);
  await connection.send(request);
  return await connection.until();
}
