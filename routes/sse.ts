/**
 * Server-sent events (WHATWG HTML, section 9.2), made only as fast as the client takes them.
 *
 * What is held for a client: the one item that waits to be taken, and what the runtime and the kernel have accepted for its
 * connection (`docs/decisions/0004-watching.md` has the figures). What comes meanwhile is the source's to keep or to read again.
 */

import type { Clock } from "../lib/clock.ts";

/** One event; every field is left out when it is not given. */
export interface SseEvent {
  /** What the client sends as `Last-Event-ID` when it comes back. One without `data` moves that on and nothing more. */
  id?: string;
  /** The event's type; `message` when it is not given. */
  event?: string;
  data?: string;
  /** Milliseconds after which a client whose connection broke comes back. */
  retry?: number;
  /** For whoever reads the stream with his eyes; clients skip it. */
  comment?: string;
}

/** What a source gives: an event, or bytes of one that it has made itself. Bytes are never changed, so many may share them. */
export type SseItem = SseEvent | Uint8Array | readonly Uint8Array[];

export interface SseOptions {
  clock: Clock;
  /** Aborts when the server stops: the client is told to come back, and the stream ends. */
  stopping: AbortSignal;
  /** Seconds of silence after which a comment shows that the connection lives. Default: 15, as the standard advises. */
  heartbeat?: number;
  /** What shows that the connection lives, in the place of an empty comment. */
  alive?: () => SseEvent;
  /** Called once, when the stream has ended or its client has left. */
  onEnd?: () => void;
  /** Milliseconds after which a client whose connection broke comes back; said at the start. Default: 2000. */
  retry?: number;
}

/**
 * Proxies shall pass on what comes, and nobody shall keep it. The connection ends with the stream (HTTP/2 leaves that field
 * out): Deno 2.4.2 never shuts down one on which a request followed a stream.
 */
export const SSE_HEADERS = {
  "connection": "close",
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

/** The last thing that a client hears of a server that stops. It has no id, so the client's place stays what it was. */
const COME_BACK_EVENT: SseEvent = {
  event: "reconnect",
  data: JSON.stringify({ reason: "shutting_down" }),
  comment: "The server is stopping; come back with Last-Event-ID.",
};

const encoder = new TextEncoder();

/** An event as it goes over the wire. A field's line ends at CR, LF or both, so `data` is cut there: a client joins it with LF. */
export function sseText({ id, event, data, retry, comment }: SseEvent): string {
  const lines = [
    ...(comment?.split(LINE_END).map((line) => `: ${line}`) ?? []),
    ...(id === undefined ? [] : [`id: ${oneLine("id", id.replaceAll("\0", "\n"))}`]),
    ...(event === undefined ? [] : [`event: ${oneLine("event", event)}`]),
    ...(retry === undefined ? [] : [`retry: ${Math.max(0, Math.round(retry))}`]),
    ...(data?.split(LINE_END).map((line) => `data: ${line}`) ?? []),
  ];
  return lines.map((line) => line + "\n").join("") + "\n";
}

const LINE_END = /\r\n|\r|\n/;

function oneLine(field: string, text: string): string {
  if (LINE_END.test(text)) throw new TypeError(`The ${field} of an event holds no line end and no NUL.`);
  return text;
}

/**
 * An answer of the events that `source` gives. It is asked for the next one when the client has taken the one before.
 * `signal` aborts when the client left or the server stops; the source then has to return, which closes what it holds.
 */
export function sseAnswer(source: (signal: AbortSignal) => AsyncIterable<SseItem>, options: SseOptions): Response {
  return new Response(sseStream(source, options), { headers: SSE_HEADERS });
}

/** The body of {@link sseAnswer}. */
export function sseStream(
  source: (signal: AbortSignal) => AsyncIterable<SseItem>,
  { clock, stopping, heartbeat = 15, retry = 2000, alive, onEnd }: SseOptions,
): ReadableStream<Uint8Array> {
  const over = new AbortController();
  let items: AsyncIterator<SseItem> | undefined;
  /** Whether the source has been asked for an item that it has not given yet. */
  let asked = false;
  let given: IteratorResult<SseItem> | undefined;
  let failure: { error: unknown } | undefined;
  let wake = () => {};
  /** Whether anything went out since the last look, and whether a sign of life is due. */
  let busy = false;
  let beat = false;
  let cancelBeat = () => {};

  const armBeat = () => {
    cancelBeat = clock.after(heartbeat * 1000, () => {
      beat = !busy;
      busy = false;
      if (beat) wake();
      armBeat();
    });
  };
  const stop = () => {
    over.abort();
    wake();
  };
  const finish = () => {
    onEnd?.();
    cancelBeat();
    stopping.removeEventListener("abort", stop);
    over.abort();
    wake();
    // Closes a source that stands between two items; one that waits hears the signal. Its last words interest nobody.
    items?.return?.().catch(() => undefined);
  };
  const ask = (source: AsyncIterator<SseItem>) => {
    if (asked) return;
    asked = true;
    source.next().then((result) => given = result, (error) => failure = { error }).then(() => {
      asked = false;
      wake();
    });
  };
  const begin = (): AsyncIterator<SseItem> => {
    stopping.addEventListener("abort", stop);
    armBeat();
    return source(over.signal)[Symbol.asyncIterator]();
  };
  /** What is to go out next; nothing at the end. Waits for the source, a sign of life or the server's stop. */
  const next = async (): Promise<readonly Uint8Array[] | undefined> => {
    if (!items) {
      items = begin();
      return [sseBytes({ retry })];
    }
    while (!given && !failure && !beat && !over.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      ask(items);
      await promise;
    }
    if (failure) throw failure.error;
    if (given?.done) return undefined;
    // What the source has given by now is not lost: the client's id stands before it.
    if (stopping.aborted) return [];
    if (!given) return [alive ? sseBytes(alive()) : HEARTBEAT];
    const { value } = given;
    given = undefined;
    return piecesOf(value);
  };

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let pieces: readonly Uint8Array[] | undefined;
      try {
        pieces = await next();
      } catch (error) {
        finish();
        throw error;
      }
      for (const bytes of pieces ?? []) controller.enqueue(bytes);
      busy = true;
      beat = false;
      if (pieces?.length) return;
      if (pieces) controller.enqueue(COME_BACK);
      finish();
      controller.close();
    },
    cancel: finish,
  }, { highWaterMark: 0 });
}

const HEARTBEAT = encoder.encode(":\n\n");
const COME_BACK = sseBytes(COME_BACK_EVENT);

/** The bytes of {@link sseText}. */
export function sseBytes(event: SseEvent): Uint8Array {
  return encoder.encode(sseText(event));
}

function piecesOf(item: SseItem): readonly Uint8Array[] {
  if (item instanceof Uint8Array) return [item];
  return isPieces(item) ? item : [sseBytes(item)];
}

function isPieces(item: SseItem): item is readonly Uint8Array[] {
  return Array.isArray(item);
}
