/**
 * Shows a job's output in a terminal: the end of it at once, however much there is, then what comes. Earlier parts are
 * fetched as somebody scrolls up, later ones as they scroll down again.
 */

import { signal } from "@preact/signals";
import type { Terminal } from "@xterm/xterm";
import { ApiError, isAbort, messageOf } from "../api/client.ts";
import { type LastIn, LogSearch, type Place } from "./log_search.ts";
import { followOutput, outputSizes, readPiece, type Sizes } from "./log_source.ts";
import { LogScreen } from "./log_screen.ts";
import { LogWindow } from "./log_window.ts";
import type { Piece, Stream } from "./pieces.ts";
import { SCROLLBACK } from "./terminal.ts";

export type Shown = "both" | Stream;

/** Bytes that are fetched at once, and characters that are kept for showing them again. */
const PIECE = 256 * 1024;
const KEPT = 4_000_000;

export class LogSession {
  /** Whether the end of the output is shown and followed. */
  readonly atEnd = signal(true);
  readonly status = signal<"loading" | "live" | "lost" | "ended" | "failed">("loading");
  readonly failure = signal<string | null>(null);
  /** Bytes of both outputs, as far as is known. */
  readonly sizes = signal<Sizes>({ stdout: 0, stderr: 0 });
  #window: LogWindow;
  #over = new AbortController();
  readonly search = new LogSearch();
  #moving = false;
  readonly #screen: LogScreen;

  constructor(readonly id: number, readonly shown: Shown, readonly terminal: Terminal) {
    this.#screen = new LogScreen(terminal, shown === "both");
    this.#window = this.#emptyWindow();
  }

  /** Shows the end, and follows it. */
  async open(): Promise<void> {
    this.#begin();
    const { signal } = this.#over;
    await this.#guard(signal, async () => {
      const sizes = this.sizes.value = await outputSizes(this.id, signal);
      const from = { ...sizes };
      for (const stream of this.#streams) {
        // A small output comes as it was printed, the two in turns; of a large one each comes as a whole.
        if (sizes.stdout + sizes.stderr <= PIECE) from[stream] = 0;
        else {
          const piece = await readPiece(
            this.id,
            stream,
            [Math.max(0, sizes[stream] - PIECE), sizes[stream]],
            sizes[stream],
            { keep: "end", signal },
          );
          await this.#append(piece);
          from[stream] = piece.end;
        }
      }
      this.atEnd.value = true;
      this.terminal.scrollToBottom();
      await this.#live(from, signal);
    });
  }

  /** Shows the beginning; what comes after it is fetched as somebody scrolls down. */
  async openStart(): Promise<void> {
    this.#begin();
    this.atEnd.value = false;
    const { signal } = this.#over;
    await this.#guard(signal, async () => {
      const sizes = this.sizes.value = await outputSizes(this.id, signal);
      for (const stream of this.#streams) {
        const to = Math.min(PIECE, sizes[stream]);
        await this.#append(await readPiece(this.id, stream, [0, to], sizes[stream], { keep: "start", signal }));
      }
      this.status.value = "ended";
      this.terminal.scrollToTop();
    });
  }

  /** Looks through what comes before what is loaded, and shows the place; false where there is none, or it was stopped. */
  async findEarlier(lastIn: LastIn): Promise<boolean> {
    const places = this.#streams.map((stream) => ({ stream, before: this.#window.start(stream) ?? 0 }));
    const found = await this.search.run(this.id, places, lastIn);
    if (found) await this.#openAt(found);
    return found !== null;
  }

  /** Whether there is more before what is loaded. */
  get hasEarlier(): boolean {
    return this.#streams.some((stream) => (this.#window.start(stream) ?? 0) > 0);
  }

  /** To be called when the terminal was drawn anew, scrolled or not; `line` is the first on the screen, `last` the last there could be. */
  async scrolled(line: number, last: number): Promise<void> {
    if (this.#moving || this.status.value === "loading") return;
    this.#moving = true;
    const { signal } = this.#over;
    await this.#guard(signal, async () => {
      if (line < 50) await this.#earlier(signal);
      else if (!this.atEnd.value && line > last - 50) await this.#later(signal);
    });
    this.#moving = false;
  }

  /** The server is there again. */
  async retry(): Promise<void> {
    if (this.status.value === "failed") await this.open();
  }

  close(): void {
    this.search.stop();
    this.#over.abort();
  }

  /** Shows one output around a place; what lies before and after it is fetched as somebody scrolls. */
  async #openAt({ stream, offset, before }: Place & { offset: number }): Promise<void> {
    this.#begin();
    this.atEnd.value = false;
    const { signal } = this.#over;
    await this.#guard(signal, async () => {
      const size = (this.sizes.value = await outputSizes(this.id, signal))[stream];
      const start: [number, number] = [Math.max(0, offset - PIECE), offset];
      const above = await readPiece(this.id, stream, start, size, { keep: "end", signal });
      // Not as far as what was looked through before: the place is the last one that is shown.
      const to = Math.min(size, Math.max(before, offset + 4096), offset + PIECE);
      const below = await readPiece(this.id, stream, [above.end, to], size, { keep: "start", whole: true, signal });
      await this.#append(above);
      await this.#append(below);
      this.status.value = "ended";
    });
  }

  async #live(from: Sizes, signal: AbortSignal): Promise<void> {
    let ended = false;
    await followOutput({
      id: this.id,
      from,
      signal,
      onOpen: () => {
        if (this.status.value === "loading") this.status.value = "live";
        else this.#catchUp(signal);
      },
      onBroken: () => ended || (this.status.value = "lost"),
      onEnd: () => {
        ended = true;
        this.status.value = "ended";
      },
      onPiece: (piece) => {
        this.sizes.value = { ...this.sizes.value, [piece.stream]: piece.end };
        if (!this.#streams.includes(piece.stream) || !this.atEnd.value) return;
        const written = this.#append(piece);
        // The server is held back, rather than the page made to keep what it cannot show yet.
        if (this.#screen.isBehind) return written;
      },
    });
    this.status.value = "ended";
  }

  async #earlier(signal: AbortSignal): Promise<void> {
    const pieces: Piece[] = [];
    for (const stream of this.#streams) {
      const end = this.#window.start(stream) ?? 0;
      if (end === 0) continue;
      const piece = await readPiece(this.id, stream, [Math.max(0, end - PIECE), end], end, { keep: "end", signal });
      if (piece.end > piece.start) pieces.push(piece);
    }
    if (pieces.length === 0) return;
    const line = this.terminal.buffer.active.viewportY;
    if (this.#window.prepend(pieces)) this.atEnd.value = false;
    const { pieces: all } = this.#window;
    let added = 0;
    // All at once: what is printed meanwhile has to come after it.
    this.#screen.clear();
    this.#screen.write(all.slice(0, pieces.length), () => added = this.#screen.lastRow);
    await this.#screen.write(all.slice(pieces.length));
    if (!signal.aborted) this.terminal.scrollToLine(added + line);
  }

  /** The stream is there again. Where much was printed meanwhile, its end is shown rather than all of it. */
  async #catchUp(signal: AbortSignal): Promise<void> {
    this.status.value = "live";
    await this.#guard(signal, async () => {
      const sizes = await outputSizes(this.id, signal);
      const behind = this.#streams.map((stream) => sizes[stream] - this.sizes.value[stream]);
      if (this.atEnd.value && Math.max(...behind) > KEPT) await this.open();
    });
  }

  async #later(signal: AbortSignal): Promise<void> {
    const sizes = this.sizes.value = await outputSizes(this.id, signal);
    const stay = this.#screen.hold();
    let more = false;
    for (const stream of this.#streams) {
      const from = this.#window.end(stream);
      if (from === undefined || from >= sizes[stream]) continue;
      const to = Math.min(from + PIECE, sizes[stream]);
      const piece = await readPiece(this.id, stream, [from, to], sizes[stream], {
        keep: "start",
        whole: true,
        signal,
      });
      await this.#append(piece);
      more ||= piece.end < sizes[stream];
    }
    stay();
    if (!more) await this.open();
  }

  #append(piece: Piece): Promise<void> {
    if (piece.text === "") return Promise.resolve();
    this.#window.append(piece);
    return this.#screen.write([piece]);
  }

  #begin(): void {
    this.#over.abort();
    this.#over = new AbortController();
    this.#window = this.#emptyWindow();
    this.#screen.clear();
    this.failure.value = null;
    this.status.value = "loading";
  }

  async #guard(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      if (!signal.aborted) this.failure.value = null;
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.status.value = "failed";
      const gone = error instanceof ApiError && error.status === 410;
      this.failure.value = gone ? "The output was removed." : messageOf(error);
    }
  }

  #emptyWindow(): LogWindow {
    return new LogWindow({ text: KEPT, rows: SCROLLBACK - 1000, columns: Math.max(20, this.terminal.cols) });
  }

  get #streams(): readonly Stream[] {
    return this.shown === "both" ? ["stdout", "stderr"] : [this.shown];
  }
}
