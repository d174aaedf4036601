/** Server-sent events (WHATWG HTML, section 9.2) as they arrive. */

export interface ServerEvent {
  /** The last id that was given, by this event or one before. */
  id: string;
  event: string;
  /** Empty for an event that only moves the id on. */
  data: string;
}

/** Takes the text of a stream in pieces and gives its events. Events without data are given too: their id counts. */
export class EventParser {
  #rest = "";
  #id = "";
  #event = "";
  #data: string[] = [];
  #any = false;

  push(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    // A CR at the very end may be the first half of a line end.
    const whole = this.#rest + text;
    const cut = whole.endsWith("\r") ? whole.length - 1 : whole.length;
    const lines = whole.slice(0, cut).split(/\r\n|\n|\r/);
    this.#rest = lines.pop()! + whole.slice(cut);
    for (const line of lines) {
      if (line === "") this.#finish(events);
      else this.#field(line);
    }
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") this.#id = value;
    else if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
    else return;
    this.#any = true;
  }

  #finish(events: ServerEvent[]): void {
    if (this.#any) events.push({ id: this.#id, event: this.#event || "message", data: this.#data.join("\n") });
    this.#event = "";
    this.#data = [];
    this.#any = false;
  }
}

/** The events of an answer's body; ends where the body ends. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  for await (const bytes of body) yield* parser.push(decoder.decode(bytes, { stream: true }));
}
