/** What the job that was opened prints: the last lines, as they come. */

import type { Session } from "../session.ts";
import { pieces, tailStart } from "../jobs/pieces.ts";
import { outcomeLine } from "../jobs/outcome.ts";
import { cut, plain } from "../terminal/width.ts";
import type { Screen } from "../terminal/screen.ts";

/** As many lines as any terminal has. */
const KEPT = 500;

/** Colours, and whatever else a terminal takes as an order. */
// deno-lint-ignore no-control-regex
const ORDERS = /\x1b\[[\d;?]*[A-Za-z]|\x1b\][^\x07]*\x07/g;

/** The last lines of text that comes in pieces; a carriage return begins its line anew, as a terminal has it. */
export class LastLines {
  #lines: string[] = [""];

  add(text: string): void {
    for (const [i, part] of text.replaceAll("\r\n", "\n").split("\n").entries()) {
      if (i > 0) this.#lines.push("");
      // One at the very end stays: a line feed may yet follow it.
      const [, body = "", end = ""] = /^([\s\S]*?)(\r?)$/.exec(this.#lines.at(-1)! + part)!;
      this.#lines[this.#lines.length - 1] = body.slice(body.lastIndexOf("\r") + 1) + end;
    }
    this.#lines = this.#lines.slice(-KEPT);
  }

  /** The last `count` of them, without colours and other orders to the terminal. */
  last(count: number): string[] {
    const whole = this.#lines.at(-1) === "" ? this.#lines.slice(0, -1) : this.#lines;
    return whole.slice(-count).map((line) => plain(line.replace(/\r$/, "").replaceAll(ORDERS, "")));
  }
}

export class LogView {
  readonly #lines = new LastLines();
  readonly #over = new AbortController();
  #state = "";

  constructor(private readonly session: Session, readonly id: number, private readonly changed: () => void) {
    this.#follow().catch((error: Error) => {
      this.#state = error.message;
      this.changed();
    });
  }

  close(): void {
    this.#over.abort();
  }

  draw(screen: Screen): void {
    const { columns, rows } = screen.size;
    const { paint } = this.session.out;
    const lines = this.#lines.last(rows - 2).map((line) => cut(line.replaceAll("\u2409", "    "), columns));
    const empty = Array<string>(Math.max(0, rows - 2 - lines.length)).fill("");
    const title = cut(`Job ${this.id}, both outputs`, columns);
    const footer = cut(`${this.#state || "It goes on."}  q: back`, columns);
    screen.draw([paint("bold", title), ...lines, ...empty, paint("dim", footer)]);
  }

  async #follow(): Promise<void> {
    const { api } = this.session;
    const { signal } = this.#over;
    const [stdout, stderr] = await Promise.all([
      tailStart(api, this.id, "stdout", KEPT),
      tailStart(api, this.id, "stderr", KEPT),
    ]);
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    const stream = pieces(api, this.id, {
      from: { stdout, stderr },
      signal,
      onLoss: (error) => this.#say(error.message),
      onReturn: () => this.#say(""),
    });
    while (true) {
      const { done, value } = await stream.next();
      if (done) return value && this.#say(outcomeLine(value));
      this.#lines.add(decoders[value.stream].decode(value.bytes, { stream: true }));
      this.changed();
    }
  }

  #say(text: string): void {
    this.#state = text;
    this.changed();
  }
}
