/** Streams of events that outlive their connection. */

import { Again, type AgainOptions } from "./again.ts";
import type { Client, Request } from "./client.ts";
import type { ServerEvent } from "./events.ts";
import { Unreachable } from "./unreachable.ts";

export interface FollowOptions extends AgainOptions {
  query?: URLSearchParams;
  lastId?: string;
  signal?: AbortSignal;
  /** The event after which nothing comes. Without one the stream never ends. */
  last?: string;
  /** Told when a connection stands and its first event has come. */
  onOpen?: () => void;
}

/**
 * The events of a stream, over lost connections and restarts of the server: each time it goes on after the last id that
 * arrived, without gap or repeat. Ends after `last`, or when `signal` aborts.
 */
export async function* follow(client: Client, path: string, options: FollowOptions): AsyncGenerator<ServerEvent> {
  const again = new Again(options);
  let lastId = options.lastId;
  const request = (): Request & { lastId?: string } => ({ query: options.query, signal: options.signal, lastId });
  while (!options.signal?.aborted) {
    let open = false;
    try {
      for await (const event of client.events(path, request())) {
        again.ok();
        if (!open) options.onOpen?.();
        open = true;
        if (event.id !== "") lastId = event.id;
        if (event.event === "reconnect" || event.data === "") continue;
        yield event;
        if (event.event === options.last) return;
      }
      // It ended without having said so.
      throw new Unreachable(client.server.url, new Error("the connection was closed"));
    } catch (error) {
      if (options.signal?.aborted) return;
      await again.wait(error, options.signal);
    }
  }
}
