/** Reads server-sent events as the standard has a client do it (WHATWG HTML, section 9.2.6). */

export interface SeenEvent {
  /** The type; `message` when none was given. */
  event: string;
  data: string;
  /** The client's last event id after this event. */
  id: string;
}

/** Takes a stream apart, byte by byte if need be. */
export class SseParser {
  /** What the client would send as `Last-Event-ID`. */
  lastId = "";
  retry: number | undefined;
  comments = 0;
  #decoder = new TextDecoder();
  #rest = "";
  #event = "";
  #data: string[] = [];
  #id = "";

  /** The events that these bytes complete. */
  push(bytes: Uint8Array): SeenEvent[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const events: SeenEvent[] = [];
    // A CR at the very end may be half of a line end.
    for (let match; (match = /\r\n|\n|\r(?!$)/.exec(this.#rest));) {
      const line = this.#rest.slice(0, match.index);
      this.#rest = this.#rest.slice(match.index + match[0].length);
      const event = this.#line(line);
      if (event) events.push(event);
    }
    return events;
  }

  #line(line: string): SeenEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (colon === 0) this.comments++;
    else if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.retry = Number(value);
    return undefined;
  }

  #dispatch(): SeenEvent | undefined {
    this.lastId = this.#id;
    const event = { event: this.#event || "message", data: this.#data.join("\n"), id: this.#id };
    const empty = this.#data.length === 0;
    this.#event = "";
    this.#data = [];
    return empty ? undefined : event;
  }
}

/** The events of a stream as they come. Leaving the loop leaves the stream. */
export async function* sseEvents(
  stream: ReadableStream<Uint8Array>,
  parser: SseParser = new SseParser(),
): AsyncGenerator<SeenEvent> {
  for await (const bytes of stream) yield* parser.push(bytes);
}
