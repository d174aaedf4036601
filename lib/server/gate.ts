/**
 * Counts the requests that are being worked on, so that a server can stop when the last is done. The runtime's own
 * graceful shutdown will not do: it cuts off request bodies that are still being read, and nobody could be told that
 * the server is draining once it no longer accepts.
 */

import type { Handler } from "../handler.ts";

export type { Handler };

export class Gate {
  #inside = 0;
  #closing = false;
  #empty = Promise.withResolvers<void>();

  /** Requests that have not been answered yet; an answer's body may still be on its way. */
  get inside(): number {
    return this.#inside;
  }

  /** Whether new requests are to be refused. */
  get closing(): boolean {
    return this.#closing;
  }

  /** `handler`, counted. */
  around(handler: Handler): Handler {
    const left = () => {
      this.#inside--;
      if (this.#closing) this.#check();
    };
    return (request, from) => {
      this.#inside++;
      let answer: Response | Promise<Response>;
      try {
        answer = handler(request, from);
      } catch (error) {
        left();
        throw error;
      }
      if (answer instanceof Promise) answer.then(left, left);
      else left();
      return answer;
    };
  }

  /** Begins to close. Resolves as soon as nobody is inside; who still comes has to be refused by the handler. */
  close(): Promise<void> {
    this.#closing = true;
    this.#check();
    return this.#empty.promise;
  }

  #check(): void {
    if (this.#closing && this.#inside === 0) this.#empty.resolve();
  }
}
