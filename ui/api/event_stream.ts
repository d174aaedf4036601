/**
 * Follows a stream of server-sent events and comes back to it, with the id of the last event, whenever it breaks. Made with
 * `fetch`, since `EventSource` can neither say why it failed nor hold the server back.
 */

import { type ApiError, isAbort, problemOf, send } from "./client.ts";
import { EventParser, type ServerEvent } from "./event_parser.ts";

export interface StreamOptions {
  path: string;
  query?: URLSearchParams;
  /** Where to begin. */
  lastId?: string;
  signal: AbortSignal;
  /** Called for each event; the next one waits for what it returns. */
  onEvent(event: ServerEvent): void | Promise<void>;
  /** The stream is there: for the first time, or again. */
  onOpen?(): void;
  /** The stream broke; it is tried again after so many milliseconds. */
  onBroken?(pauseMs: number): void;
  /** After the events of each piece that came over the wire. */
  onPiece?(lastId: string): void;
}

const [FIRST_PAUSE, LONGEST_PAUSE] = [250, 4000];

/**
 * Resolves when the server says that nothing more comes (204), or `signal` aborts.
 * @throws {ApiError} for an answer that trying again would not change: 4xx but 429.
 */
export async function followEvents(options: StreamOptions): Promise<void> {
  const parser = new EventParser();
  parser.lastId = options.lastId ?? "";
  for (let failures = 0; !options.signal.aborted; failures++) {
    const connection = new AbortController();
    const leave = () => connection.abort();
    // A page that the browser keeps for going back to would hold its connections, of which there are six for all pages.
    addEventListener("pagehide", leave);
    options.signal.addEventListener("abort", leave);
    try {
      const response = await open(options, parser.lastId, connection.signal);
      if (response === undefined) return;
      options.onOpen?.();
      failures = 0;
      await readThrough(response, parser, options);
    } catch (error) {
      if (options.signal.aborted) return;
      if (!isAbort(error) && isFinal(error)) throw error;
    } finally {
      removeEventListener("pagehide", leave);
      options.signal.removeEventListener("abort", leave);
    }
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures);
    options.onBroken?.(pause);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function open(
  { path, query }: StreamOptions,
  lastId: string,
  signal: AbortSignal,
): Promise<Response | undefined> {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (lastId !== "") headers["last-event-id"] = lastId;
  const response = await send("GET", path, { query, headers, signal });
  if (response.status === 204) return undefined;
  if (!response.ok) throw await problemOf(response, path);
  return response;
}

async function readThrough(response: Response, parser: EventParser, options: StreamOptions): Promise<void> {
  const reader = response.body!.pipeThrough(new TextDecoderStream("utf-8", { ignoreBOM: true })).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const event of parser.push(value)) {
      const wait = options.onEvent(event);
      if (wait) await wait;
    }
    options.onPiece?.(parser.lastId);
  }
}

function isFinal(error: unknown): boolean {
  const status = (error as Partial<ApiError>).status ?? 0;
  return status >= 400 && status < 500 && status !== 429;
}
