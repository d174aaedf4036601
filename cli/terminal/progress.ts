/** A progress bar on one line. */

import { size, spell } from "../jobs/times.ts";
import type { Output } from "../output.ts";
import { writeAll } from "../output.ts";
import { plain } from "./plain.ts";
import { cut, pad } from "./width.ts";

/** Milliseconds between two drawings, and for which a speed counts. */
const EVERY = 100;
const WINDOW = 3_000;

export interface Moving {
  name: string;
  /** Bytes, those that were there before included. */
  done: number;
  total: number;
  /** Bytes a second lately. */
  rate: number;
  /** What holds it up, if anything does. */
  state?: string;
}

/** `report.pdf  45 %  [#####-----]  12.0 MiB/s  1m 20s left`, in `width` columns. */
export function barLine({ name, done, total, rate, state }: Moving, width: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const left = rate > 0 ? `${spell(Math.max(0, (total - done) / rate))} left` : "";
  const about = done >= total ? size(total) : state ?? `${size(rate)}/s  ${left}`.trimEnd();
  const nameWidth = Math.min(24, Math.max(8, Math.floor(width / 4)));
  const room = width - nameWidth - percent.length - 28;
  const filled = Math.round(share * Math.max(0, room));
  const bar = room >= 6 ? `[${"#".repeat(filled)}${"-".repeat(room - filled)}]  ` : "";
  return cut(`${pad(cut(name, nameWidth), nameWidth)} ${percent}  ${bar}${about}`, width);
}

/** Shows how a transfer goes, at a terminal only. */
export class Progress implements Disposable {
  readonly #moving: Moving;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #marks: [number, number][] = [];
  #lastMove = performance.now();

  constructor(private readonly out: Output, name: string, total: number, done = 0) {
    this.#moving = { name: plain(name), total, done, rate: 0 };
    this.#timer = out.errIsTerminal && !out.asJson ? setInterval(() => this.#draw(), EVERY) : undefined;
  }

  /** Milliseconds since anything moved. */
  get silence(): number {
    return performance.now() - this.#lastMove;
  }

  add(bytes: number): void {
    this.#moving.done += bytes;
    this.#moving.state = undefined;
    this.#lastMove = performance.now();
  }

  /** Back to this many bytes. */
  reset(done: number): void {
    this.#moving.done = done;
    this.#marks = [];
  }

  /** What holds it up; undefined when nothing does. */
  set state(text: string | undefined) {
    this.#moving.state = text;
  }

  #draw(): void {
    const now = performance.now();
    this.#marks = [...this.#marks.filter(([time]) => now - time < WINDOW), [now, this.#moving.done]];
    const [time, done] = this.#marks[0]!;
    this.#moving.rate = now > time ? Math.max(0, (this.#moving.done - done) * 1000 / (now - time)) : 0;
    const { columns } = Deno.consoleSize();
    writeAll(Deno.stderr, encoder.encode(`\r${barLine(this.#moving, columns - 1)}\x1b[K`));
  }

  /** The last state stays to be seen. */
  [Symbol.dispose](): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#draw();
    writeAll(Deno.stderr, encoder.encode("\n"));
  }
}

const encoder = new TextEncoder();
