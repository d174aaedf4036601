/** Writing to a file in large pieces, however small those are that come in. */

/** How much is gathered before it is written: a write costs about the same whether it is of nine bytes or of many. */
const GATHERED = 256 * 1024;

export class FileWriter {
  readonly #buffer = new Uint8Array(GATHERED);
  #filled = 0;
  /** How much of that is in the file already: after a write that failed halfway, some may be. */
  #written = 0;

  constructor(private readonly file: Pick<Deno.FsFile, "write" | "sync">) {}

  /** Takes all of `bytes`; what it was given may be used again afterwards. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const part = bytes.subarray(done, done + GATHERED - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      done += part.length;
      if (this.#filled === GATHERED) await this.#write();
    }
  }

  /** Writes the rest, also of what failed before, and waits until all is on disk. */
  async finish(): Promise<void> {
    await this.#write();
    await this.file.sync();
  }

  async #write(): Promise<void> {
    while (this.#written < this.#filled) {
      this.#written += await this.file.write(this.#buffer.subarray(this.#written, this.#filled));
    }
    this.#filled = this.#written = 0;
  }
}
