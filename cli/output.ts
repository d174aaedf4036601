/** Where a command writes: results to standard output, everything else to standard error. */

import { type CliError, complaint } from "./errors.ts";
import { noPaint, type Paint, paint, wantsColour, type When } from "./terminal/colour.ts";
import { plainJson, plainPage } from "./terminal/plain.ts";
import { table, type TableOptions } from "./table.ts";

const encoder = new TextEncoder();

export class Output {
  readonly isTerminal = Deno.stdout.isTerminal();
  readonly errIsTerminal = Deno.stderr.isTerminal();
  /** For standard output. */
  readonly paint: Paint;
  /** For standard error. */
  readonly errPaint: Paint;

  constructor(readonly asJson: boolean, when: When) {
    const env = (name: string) => Deno.env.get(name);
    this.paint = wantsColour(when, this.isTerminal, env) ? paint : noPaint;
    this.errPaint = !asJson && wantsColour(when, this.errIsTerminal, env) ? paint : noPaint;
  }

  /** Columns of the terminal; unlimited when there is none. */
  get columns(): number {
    return this.isTerminal ? Deno.consoleSize().columns : Infinity;
  }

  /** Text for people; what gives orders to a terminal is shown as a picture, whoever has written it. */
  print(text: string): void {
    writeAll(Deno.stdout, encoder.encode(`${plainPage(text)}\n`));
  }

  /** One line, or a page indented by `indent`. */
  json(value: unknown, indent?: number): void {
    writeAll(Deno.stdout, encoder.encode(`${plainJson(JSON.stringify(value, undefined, indent))}\n`));
  }

  /** A table that fits the terminal; whole when it goes elsewhere. */
  table(head: string[], rows: string[][], options: Omit<TableOptions, "width"> = {}): void {
    const cell = options.paint ?? ((text: string) => text);
    const colour = (text: string, row: number, column: number) => {
      return row < 0 ? this.paint("dim", text) : cell(text, row, column);
    };
    this.print(table(head, rows, { ...options, width: this.columns, paint: colour }));
  }

  /** News for whoever sits there, not part of the result; `{"note":…}` where programs read. */
  note(line: string): void {
    const text = this.asJson ? plainJson(JSON.stringify({ note: line })) : plainPage(line);
    writeAll(Deno.stderr, encoder.encode(`${text}\n`));
  }

  /** One of several things that were asked for cannot be done. */
  complain(error: CliError): void {
    writeAll(Deno.stderr, encoder.encode(`${complaint(error, this.asJson)}\n`));
  }

  /** A note that only somebody at a terminal needs. */
  hint(line: string): void {
    if (this.errIsTerminal && !this.asJson) this.note(this.errPaint("dim", line));
  }
}

/** Writes all of it. @throws {Deno.errors.BrokenPipe} when nobody reads any more. */
export function writeAll(to: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += to.writeSync(bytes.subarray(written));
    } catch (error) {
      // A pipe that somebody else has made non-blocking, and that is full.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
