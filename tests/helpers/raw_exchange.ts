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

  async send(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let done = 0; done < bytes.length;) done += await this.#connection.write(bytes.subarray(done));
  }

  /** Everything received so far, once `enough` of it is there or the other end has closed. */
  async until(enough: (text: string) => boolean = () => false): Promise<string> {
    const chunk = new Uint8Array(16_384);
    while (!enough(this.#text)) {
      const count = await this.#connection.read(chunk).catch((error) => {
        if (error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.UnexpectedEof) return null;
        throw error;
      });
      if (count === null) break;
      this.#text += new TextDecoder().decode(chunk.subarray(0, count));
    }
    return this.#text;
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
