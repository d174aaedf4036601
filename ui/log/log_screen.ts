/** Puts pieces of output into the terminal, one after the other, and knows how much it still has to take in. */

import type { Terminal } from "@xterm/xterm";
import type { Piece } from "./pieces.ts";

/** Characters that the terminal may still have to take in before whoever writes has to wait. */
const BACKLOG = 1_000_000;
/** "Reset to initial state" (ECMA-48): it takes its turn after what was written before, which a call would not. */
const RESET = "\x1bc";

export class LogScreen {
  #backlog = 0;

  /** `marked`: what went to standard error is told apart by its colour. */
  constructor(readonly terminal: Terminal, readonly marked: boolean) {}

  get isBehind(): boolean {
    return this.#backlog > BACKLOG;
  }

  /** The last row that there is, from the beginning of what is kept. */
  get lastRow(): number {
    const { baseY, cursorY } = this.terminal.buffer.active;
    return baseY + cursorY;
  }

  /** Calling the answer shows again what is shown now: a terminal follows what is written at its end. */
  hold(): () => void {
    const { terminal } = this;
    const marker = terminal.registerMarker(terminal.buffer.active.viewportY - this.lastRow);
    return () => {
      terminal.scrollToLine(Math.max(0, marker?.line ?? 0));
      marker?.dispose();
    };
  }

  /** Resolves when the terminal has taken it in; `then` is called before it takes in what comes after. */
  async write(pieces: readonly Piece[], then = () => {}): Promise<void> {
    await this.#write(pieces.map((piece) => this.#coloured(piece)).join(""), then);
  }

  async clear(): Promise<void> {
    await this.#write(RESET, () => {});
  }

  async #write(text: string, then: () => void): Promise<void> {
    this.#backlog += text.length;
    await new Promise<void>((done) =>
      this.terminal.write(text, () => {
        then();
        done();
      })
    );
    this.#backlog -= text.length;
  }

  #coloured({ stream, text }: Piece): string {
    return stream === "stderr" && this.marked ? `\x1b[31m${text}\x1b[39m` : text;
  }
}
