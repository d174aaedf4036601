/** Stands between a client and a server, lets through only so much of what is sent, and breaks connections when told to. */

export class HalfwayProxy implements AsyncDisposable {
  /** How many bytes of each connection reach the server; what is above that waits until this is raised. */
  limit = Infinity;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>[] = [];

  constructor(private readonly port: number) {
    this.#serving.push(this.#accept());
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;
  }

  /** Breaks every connection; new ones are taken. */
  cut(): void {
    for (const connection of this.#open) this.#close(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await Promise.all(this.#serving);
  }

  async #accept(): Promise<void> {
    try {
      for await (const client of this.#listener) this.#serving.push(this.#serve(client));
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    this.#open.add(client);
    try {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
      this.#open.add(server);
      await Promise.all([this.#pass(client, server, () => this.limit), this.#pass(server, client, () => Infinity)]);
    } catch (error) {
      // No server, or one that was killed: its clients are to see just that.
      if (!(error instanceof Error)) throw error;
      this.#close(client);
    }
  }

  /** Ends, and both connections with it, when either does. */
  async #pass(from: Deno.TcpConn, to: Deno.TcpConn, limit: () => number): Promise<void> {
    const piece = new Uint8Array(64 * 1024);
    try {
      for (let passed = 0; this.#open.has(from);) {
        if (passed + piece.length > limit()) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          continue;
        }
        const count = await from.read(piece);
        if (count === null) break;
        for (let done = 0; done < count;) done += await to.write(piece.subarray(done, count));
        passed += count;
      }
    } finally {
      this.#close(from);
      this.#close(to);
    }
  }

  #close(connection: Deno.TcpConn): void {
    if (this.#open.delete(connection)) connection.close();
  }
}
