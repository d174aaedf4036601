/** The last lines of what a job prints, as a terminal would have them, with colours and without any other order. */

import { plain } from "./plain.ts";
import { RESET, SGR, Style } from "./sgr.ts";
import { beginning, widthOf } from "./width.ts";

/** As many lines as any terminal has, and characters of a line as any has columns, colours included. */
const KEPT = 500;
const LONGEST = 8_192;
/** Characters of a sequence that does not end; what is longer is text. */
const LONGEST_SEQUENCE = 4_096;
const TAB = "    ";

/**
 * A colour, a line end, a carriage return, a tab; or another sequence: CSI, a string (OSC, DCS, SOS, PM, APC) up to BEL or
 * ST, an escape of two characters (ECMA-48, 5.3 to 5.6), a bell.
 */
const TOKENS =
  // deno-lint-ignore no-control-regex
  /\x1b\[([\d;:]*)m|(\n)|(\r)|(\t)|(?:\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[\x20-\x2f]*[\x30-\x5a\x5c\x60-\x7e]|\x07)/g;
/** A sequence that the next piece may go on with. */
const UNFINISHED =
  // deno-lint-ignore no-control-regex
  /\x1b(?:\[[\x30-\x3f]*[\x20-\x2f]*|[\]PX^_][^\x07\x1b\n]*\x1b?|[\x20-\x2f]*)$/;

export class LastLines {
  #lines: string[] = [""];
  #style = new Style();
  /** The cursor is at the line's beginning: what comes next takes the line's place. */
  #returned = false;
  #rest = "";

  /** Takes text in pieces, cut anywhere. A carriage return begins its line anew. */
  add(text: string): void {
    const whole = this.#rest + text;
    const unfinished = UNFINISHED.exec(whole);
    const end = unfinished && whole.length - unfinished.index < LONGEST_SEQUENCE ? unfinished.index : whole.length;
    this.#rest = whole.slice(end);
    let from = 0;
    for (const match of whole.slice(0, end).matchAll(TOKENS)) {
      this.#text(whole.slice(from, match.index));
      from = match.index + match[0].length;
      const [, colour, line, back, tab] = match;
      if (colour !== undefined) this.#colour(colour);
      else if (line) this.#newLine();
      else if (back) this.#returned = true;
      else if (tab) this.#text(TAB);
    }
    this.#text(whole.slice(from, end));
    this.#lines = this.#lines.slice(-KEPT);
  }

  /** The last `count` lines: plain text and colours, each line by itself. */
  last(count: number): string[] {
    const lines = this.#lines.at(-1)!.replaceAll(SGR, "") === "" ? this.#lines.slice(0, -1) : this.#lines;
    return lines.slice(-count);
  }

  #text(text: string): void {
    if (text === "") return;
    if (this.#returned) this.#lines[this.#lines.length - 1] = this.#style.toString();
    this.#returned = false;
    this.#put(plain(text));
  }

  #colour(parameters: string): void {
    this.#style.apply(parameters);
    this.#put(`${RESET}${this.#style}`);
  }

  #newLine(): void {
    this.#lines.push(this.#style.toString());
    this.#returned = false;
  }

  #put(text: string): void {
    const line = this.#lines.at(-1)!;
    // What is cut is never half a colour: those are put whole.
    if (line.length + text.length <= LONGEST) this.#lines[this.#lines.length - 1] = line + text;
    else if (!text.startsWith("\x1b")) {
      this.#lines[this.#lines.length - 1] = line + text.slice(0, LONGEST - line.length);
    }
  }
}

/** A line with colours in it, cut to `width` columns, its colours ended; without them unless `coloured`. */
export function cutColoured(line: string, width: number, coloured: boolean): string {
  const bare = line.replaceAll(SGR, "");
  const fits = widthOf(bare) <= width;
  if (!coloured || bare === line) return fits ? bare : `${beginning(bare, width - 1)}…`;
  let shown = "";
  let left = fits ? width : width - 1;
  let from = 0;
  for (const match of [...line.matchAll(SGR), undefined]) {
    const part = beginning(line.slice(from, match?.index), left);
    shown += part + (match?.[0] ?? "");
    left -= widthOf(part);
    if (!match || part.length < match.index - from) break;
    from = match.index + match[0].length;
  }
  return `${shown}${fits ? "" : "…"}${RESET}`;
}
