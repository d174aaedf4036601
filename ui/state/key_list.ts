/** Keys that begin with a prefix, with their values, as they change. */

import { signal } from "@preact/signals";
import { ApiError, call, isAbort, messageOf, nextPage } from "../api/client.ts";
import type { ServerEvent } from "../api/event_parser.ts";
import { followEvents } from "../api/event_stream.ts";
import type { KeyEntry, KeyList as Page } from "../api/schema.ts";

export class KeyList {
  readonly entries = signal<readonly KeyEntry[]>([]);
  readonly more = signal(false);
  /** Whether the first page is there. */
  readonly loaded = signal(false);
  readonly failure = signal<string | null>(null);
  readonly #over = new AbortController();
  readonly #byKey = new Map<string, KeyEntry>();
  /** Versions at which keys went while a page was on its way, in which they may still stand. */
  #gone: Map<string, number> | undefined;
  #next: string | undefined;

  constructor(readonly prefix: string) {}

  /** Watches first and reads then, so that nothing falls in between. */
  async open(): Promise<void> {
    while (!this.#over.signal.aborted) {
      this.#byKey.clear();
      let read = false;
      try {
        await followEvents({
          path: "/api/keys/events",
          query: new URLSearchParams(this.prefix ? { prefix: this.prefix } : {}),
          signal: this.#over.signal,
          onOpen: () => read &&= this.loaded.value,
          onEvent: (event) => this.#take(event),
          onPiece: () => {
            if (!read) this.#read();
            read = true;
            this.#show();
          },
        });
        return;
      } catch (error) {
        // Away for longer than changes are kept, or the server was given other data: all is read anew.
        if (!(error instanceof ApiError) || ![400, 410].includes(error.status)) {
          if (!isAbort(error)) this.failure.value = messageOf(error);
          return;
        }
      }
    }
  }

  async loadMore(): Promise<void> {
    if (this.#next) await this.#page(this.#next);
  }

  close(): void {
    this.#over.abort();
  }

  async #read(): Promise<void> {
    try {
      await this.#page(
        `/api/keys?${new URLSearchParams({ limit: "200", ...(this.prefix && { prefix: this.prefix }) })}`,
      );
      this.failure.value = null;
    } catch (error) {
      if (!isAbort(error)) this.failure.value = messageOf(error);
    }
  }

  async #page(url: string): Promise<void> {
    const gone = this.#gone ??= new Map<string, number>();
    const { data, headers } = await call<Page>("GET", url, { signal: this.#over.signal });
    for (const entry of data.keys) {
      const known = this.#byKey.get(entry.key)?.version ?? gone.get(entry.key) ?? -1;
      if (known < entry.version) this.#byKey.set(entry.key, entry);
    }
    this.#gone = undefined;
    this.#next = nextPage(headers);
    this.more.value = this.#next !== undefined;
    this.loaded.value = true;
    this.#show();
  }

  #take({ type, data }: ServerEvent): void {
    if (type === "put") {
      const entry: KeyEntry = JSON.parse(data);
      this.#byKey.set(entry.key, entry);
    } else if (type === "delete") {
      const { key, version }: KeyEntry = JSON.parse(data);
      this.#byKey.delete(key);
      this.#gone?.set(key, version);
    }
  }

  #show(): void {
    this.entries.value = [...this.#byKey.values()].sort((a, b) => a.key < b.key ? -1 : 1);
  }
}
