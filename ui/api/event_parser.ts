/** Takes a stream of server-sent events apart (WHATWG HTML, section 9.2.6), as this server writes them: lines end with LF. */

export interface ServerEvent {
  type: string;
  data: string;
}

export class EventParser {
  /** What to send as `Last-Event-ID`. */
  lastId = "";
  #rest = "";

  /** The events that `text` completes, in their order; each is given after {@link lastId} has moved past it. */
  *push(text: string): Generator<ServerEvent> {
    const all = this.#rest + text;
    let from = 0;
    for (let end; (end = all.indexOf("\n\n", from)) >= 0; from = end + 2) {
      const event = this.#block(all.slice(from, end));
      if (event) yield event;
    }
    this.#rest = all.slice(from);
  }

  #block(block: string): ServerEvent | undefined {
    let type = "message";
    let id: string | undefined;
    const data: string[] = [];
    for (const line of block.split("\n")) {
      if (line.startsWith("data:")) data.push(valueOf(line, 5));
      else if (line.startsWith("event:")) type = valueOf(line, 6);
      else if (line.startsWith("id:")) id = valueOf(line, 3);
    }
    if (id !== undefined) this.lastId = id;
    return data.length === 0 ? undefined : { type, data: data.join("\n") };
  }
}

function valueOf(line: string, from: number): string {
  return line.slice(line[from] === " " ? from + 1 : from);
}
