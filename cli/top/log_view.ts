/** What the job that was opened prints: the last lines, as they come, in their colours. */

import type { Session } from "../session.ts";
import { pieces, tailStart } from "../jobs/pieces.ts";
import { outcomeLine } from "../jobs/outcome.ts";
import { cutColoured, LastLines } from "../terminal/last_lines.ts";
import { plain } from "../terminal/plain.ts";
import { cut } from "../terminal/width.ts";
import type { Screen } from "../terminal/screen.ts";

/** How many lines are read at the start, and in how many bytes at most they are looked for. */
const LINES = 500;
const FARTHEST = 1024 * 1024;

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
    const coloured = paint("bold", "x") !== "x";
    const lines = this.#lines.last(Math.max(0, rows - 2)).map((line) => cutColoured(line, columns, coloured));
    const empty = Array<string>(Math.max(0, rows - 2 - lines.length)).fill("");
    const title = cut(`Job ${this.id}, both outputs`, columns);
    const footer = cut(plain(`${this.#state || "It goes on."}  q: back`), columns);
    screen.draw([paint("bold", title), ...lines, ...empty, paint("dim", footer)]);
  }

  async #follow(): Promise<void> {
    const { api } = this.session;
    const { signal } = this.#over;
    const [stdout, stderr] = await Promise.all([
      tailStart(api, this.id, "stdout", LINES, FARTHEST),
      tailStart(api, this.id, "stderr", LINES, FARTHEST),
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
