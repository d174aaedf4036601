/** Which part of a job's output is in the terminal: pieces in the order in which they are shown, never more than fits. */

import { type Piece, rowsOf, type Stream } from "./pieces.ts";

export interface Limits {
  /** Characters. */
  text: number;
  /** Rows of the terminal. */
  rows: number;
  columns: number;
}

export class LogWindow {
  readonly pieces: Piece[] = [];
  #text = 0;
  #rows = 0;

  constructor(readonly limits: Limits) {}

  /** Offset of the first byte of `stream` that is shown; undefined where nothing of it is. */
  start(stream: Stream): number | undefined {
    return this.pieces.find((piece) => piece.stream === stream)?.start;
  }

  /** Offset after the last byte of it. */
  end(stream: Stream): number | undefined {
    return this.pieces.findLast((piece) => piece.stream === stream)?.end;
  }

  /** Adds at the end; what no longer fits leaves at the beginning, as it does in the terminal. */
  append(piece: Piece): void {
    const last = this.pieces.at(-1);
    // What comes in drops is kept in few pieces, though not in one, which could only leave as a whole.
    if (last && last.stream === piece.stream && last.end === piece.start && last.text.length < 1 << 16) {
      this.#count(last, -1);
      last.text += piece.text;
      last.end = piece.end;
      this.#count(last, 1);
    } else {
      this.pieces.push({ ...piece });
      this.#count(piece, 1);
    }
    while (this.#isFull && this.pieces.length > 1) this.#count(this.pieces.shift()!, -1);
  }

  /** Adds at the beginning; true when something had to leave at the end. */
  prepend(pieces: readonly Piece[]): boolean {
    this.pieces.unshift(...pieces);
    for (const piece of pieces) this.#count(piece, 1);
    let left = false;
    while (this.#isFull && this.pieces.length > pieces.length) {
      this.#count(this.pieces.pop()!, -1);
      left = true;
    }
    return left;
  }

  clear(): void {
    this.pieces.length = 0;
    this.#text = 0;
    this.#rows = 0;
  }

  get #isFull(): boolean {
    return this.#text > this.limits.text || this.#rows > this.limits.rows;
  }

  #count({ text }: Piece, sign: number): void {
    this.#text += sign * text.length;
    this.#rows += sign * rowsOf(text, this.limits.columns);
  }
}
