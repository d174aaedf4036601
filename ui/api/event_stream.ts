/**
 * Follows a stream of server-sent events and comes back to it, with the id of the last event, whenever it breaks. Made with
 * `fetch`, since `EventSource` can neither say why it failed nor hold the server back.
 */

import { onUnseen, untilSeen } from "./attention.ts";
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
  /** The stream broke; it is tried again. */
  onBroken?(): void;
  /** After the events of each piece that came over the wire. */
  onPiece?(lastId: string): void;
}

const [FIRST_PAUSE, LONGEST_PAUSE] = [250, 4000];
/** The server gives a sign of life every 15 seconds: a stream without any is dead, whatever the network says of it. */
const SILENCE_MS = 40_000;

/**
 * Resolves when the server says that nothing more comes (204), or `signal` aborts. While nobody sees the page it holds no
 * connection.
 * @throws {ApiError} for an answer that trying again would not change: 4xx but 429.
 */
export async function followEvents(options: StreamOptions): Promise<void> {
  const { signal } = options;
  const parser = new EventParser();
  parser.lastId = options.lastId ?? "";
  for (let failures = 0; !signal.aborted; failures++) {
    await untilSeen(signal);
    const connection = new AbortController();
    const leave = () => connection.abort();
    let unseen = false;
    const stopLooking = onUnseen(() => {
      unseen = true;
      leave();
    });
    signal.addEventListener("abort", leave);
    try {
      const response = await open(options, parser.lastId, connection.signal);
      if (response === undefined) return;
      options.onOpen?.();
      failures = 0;
      await readThrough(response, parser, options, leave);
    } catch (error) {
      if (signal.aborted) return;
      if (!isAbort(error) && isFinal(error)) throw error;
    } finally {
      stopLooking();
      signal.removeEventListener("abort", leave);
    }
    if (unseen) {
      // A page that is put away goes on here when it is taken out again.
      await new Promise((resolve) => setTimeout(resolve));
      continue;
    }
    options.onBroken?.();
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures);
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

/** Reads until the stream ends; calls `leave`, which breaks it, when it gives no sign of life. */
async function readThrough(
  response: Response,
  parser: EventParser,
  options: StreamOptions,
  leave: () => void,
): Promise<void> {
  const reader = response.body!.pipeThrough(new TextDecoderStream("utf-8", { ignoreBOM: true })).getReader();
  for (;;) {
    const silence = setTimeout(leave, SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    for (const event of parser.push(value)) {
      const wait = options.onEvent(event);
      if (wait) await wait;
      // Whoever has left meanwhile wants to hear no more, though it is at hand.
      if (options.signal.aborted) return;
    }
    options.onPiece?.(parser.lastId);
  }
}

function isFinal(error: unknown): boolean {
  const status = (error as Partial<ApiError>).status ?? 0;
  return status >= 400 && status < 500 && status !== 429;
}
