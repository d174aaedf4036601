/** A full screen: the terminal's other one, so that what stood there comes back at the end. */

import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { writeAll } from "../output.ts";

const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const TO_LINE_END = "\x1b[K";
const BELOW = "\x1b[J";
/** A terminal that understands this shows the frame at once, and not half of it. */
const BEGIN_FRAME = "\x1b[?2026h";
const END_FRAME = "\x1b[?2026l";

const encoder = new TextEncoder();

/** Takes over the terminal until it is disposed of, however the program ends. */
export class Screen implements Disposable {
  #restored = false;
  #frame = "";
  readonly #resized = () => {
    this.#frame = "";
    this.onResize();
  };
  /** Whoever had the terminal while this was stopped has left it as it likes it. */
  readonly #continued = () => {
    Deno.stdin.setRaw(true);
    write(ENTER);
    this.#resized();
  };
  /** Puts the terminal back, also where nobody catches an error any more. */
  readonly #restore = () => this[Symbol.dispose]();
  readonly #end = () => {
    this.#restore();
    Deno.exit(EXIT.interrupted);
  };

  /** `onResize`: told when the terminal has another size. @throws {CliError} when there is no terminal. */
  constructor(private readonly onResize: () => void) {
    if (!Deno.stdout.isTerminal() || !Deno.stdin.isTerminal()) {
      throw new CliError(
        "This needs a terminal",
        EXIT.usage,
        "`stint ps` prints a list anywhere; --json is for programs.",
      );
    }
    Deno.stdin.setRaw(true);
    write(ENTER);
    Deno.addSignalListener("SIGWINCH", this.#resized);
    Deno.addSignalListener("SIGCONT", this.#continued);
    for (const signal of ENDING) Deno.addSignalListener(signal, this.#end);
    for (const event of FAILING) addEventListener(event, this.#restore);
  }

  get size(): { columns: number; rows: number } {
    return Deno.consoleSize();
  }

  /** Shows these lines, from the top; there may be as many as the terminal has. They have to fit. */
  draw(lines: readonly string[]): void {
    const text = lines.slice(0, this.size.rows).map((line) => line + TO_LINE_END).join("\r\n");
    if (this.#restored || text === this.#frame) return;
    this.#frame = text;
    write(`${BEGIN_FRAME}${HOME}${text}${BELOW}${END_FRAME}`);
  }

  [Symbol.dispose](): void {
    if (this.#restored) return;
    this.#restored = true;
    Deno.removeSignalListener("SIGWINCH", this.#resized);
    Deno.removeSignalListener("SIGCONT", this.#continued);
    for (const signal of ENDING) Deno.removeSignalListener(signal, this.#end);
    for (const event of FAILING) removeEventListener(event, this.#restore);
    try {
      write(LEAVE);
    } finally {
      Deno.stdin.setRaw(false);
    }
  }
}

const ENDING = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"] as const;
const FAILING = ["error", "unhandledrejection"] as const;

function write(text: string): void {
  writeAll(Deno.stdout, encoder.encode(text));
}
