/** A client of server-sent events: what it has seen so far, and where it would go on. */

import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import { type SeenEvent, SseParser } from "./sse.ts";

export interface ViewerOptions {
  headers?: Record<string, string>;
  lastId?: string;
}

export class Viewer implements AsyncDisposable {
  readonly events: SeenEvent[] = [];
  readonly parser = new SseParser();
  /** Resolves when the stream has ended, with whether it was the server that ended it in order. */
  readonly ended: Promise<boolean>;
  readonly #leaving: AbortController;

  private constructor(readonly response: Response, leaving: AbortController) {
    this.#leaving = leaving;
    this.ended = this.#read();
  }

  /** Opens a stream, which has to be one. */
  static async open(url: string, { headers = {}, lastId }: ViewerOptions = {}): Promise<Viewer> {
    const leaving = new AbortController();
    const response = await fetch(url, {
      headers: { ...headers, ...(lastId !== undefined && { "last-event-id": lastId }) },
      signal: leaving.signal,
    });
    if (response.status !== 200) assert.fail(`${url}: ${response.status} ${await response.text()}`);
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    return new Viewer(response, leaving);
  }

  /** What the events of a type say, as JSON. */
  data<T>(...types: string[]): T[] {
    return this.events.filter(({ event }) => types.includes(event)).map(({ data }) => JSON.parse(data) as T);
  }

  /** The text that a job has written to an output, as far as it was seen. */
  text(output: "stdout" | "stderr"): string {
    return this.data<{ text: string }>(output).map(({ text }) => text).join("");
  }

  async until(what: string, enough: (viewer: Viewer) => boolean): Promise<this> {
    await eventually(what, () => enough(this), 60_000);
    return this;
  }

  leave(): void {
    this.#leaving.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.leave();
    await this.ended;
  }

  async #read(): Promise<boolean> {
    try {
      for await (const bytes of this.response.body!) this.events.push(...this.parser.push(bytes));
      return true;
    } catch (error) {
      if (error instanceof Error) return false;
      throw error;
    }
  }
}
