/** One raw request and the one right answer to it. */

/** What comes back. */
export interface Expected {
  /** 0: the connection is closed without an answer. */
  status: number;
  /** The problem's stable code. None with a 4xx: refused by the runtime, before it reached us, with an empty body. */
  code?: string;
  /** One of the pointers in the problem's `errors`. */
  pointer?: string;
  /** The body as a whole, of an answer that is no problem. */
  body?: string;
  /** Header fields that the answer has, by their value. */
  fields?: Record<string, string>;
  /** The server closes the connection with it. Default: the next request on the connection is answered. */
  closed?: boolean;
  /** It is taken: something new is there afterwards, which is removed before the next row. */
  stores?: boolean;
}

export interface Row extends Expected {
  /** What is odd about it. */
  name: string;
  /**
   * What goes over the wire, one character a byte. `@HOST` is the server's address, `@WORKER` a reservation of its own,
   * `@JOB` a job that has ended and `@RUNNING` one that has not.
   */
  send: string;
  /** Sent in as many pieces, one after the other, instead of at once. */
  drip?: number;
  /** The sending side is closed behind it. */
  ends?: boolean;
  /** Where the executable, which Deno 2.4.2 is in, answers otherwise. */
  old?: Expected;
}

/** Text as its UTF-8 bytes, one character a byte. */
export function utf8(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

/** A well-formed request: `METHOD target`, header lines, a body with its length. */
export function ask(line: string, fields: readonly string[] = [], body?: string): string {
  const length = body === undefined || fields.some((field) => /^(content-length|transfer-encoding):/i.test(field))
    ? []
    : [`Content-Length: ${body.length}`];
  return head(line, ["Host: @HOST", ...fields, ...length]) + (body ?? "");
}

/** The same without a `Host` of its own. */
export function head(line: string, fields: readonly string[]): string {
  const version = / HTTP\/\S+$/.test(line) ? "" : " HTTP/1.1";
  return `${line}${version}\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`;
}

/** A row for a JSON body. */
export function json(name: string, line: string, body: string, expected: Expected & { old?: Expected }): Row {
  return { name, send: ask(line, ["Content-Type: application/json"], body), ...expected };
}

export const INVALID = { status: 400, code: "invalid_request" };
