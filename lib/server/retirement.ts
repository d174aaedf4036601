/**
 * When a listener may be stopped although the service goes on. The runtime lets answers finish, but it cuts off request
 * bodies that are still being read, so their ends are waited for.
 */

import type { Handler } from "../handler.ts";

/**
 * Milliseconds for which the listener with the old certificate goes on beside the new one at least. What is being opened
 * at its end is divided among the two, so that half of it does not even notice.
 */
const BESIDE = 1_000;

/** `setTimeout` takes no more. */
const LONGEST = 2 ** 31 - 1;

export class Retirement {
  #bodies = 0;
  #quiet: (() => void) | undefined;

  /** `handler`, with the requests that may have a body counted. */
  around(handler: Handler): Handler {
    const left = () => {
      this.#bodies--;
      if (this.#bodies === 0) this.#quiet?.();
    };
    return (request, from) => {
      if (request.method === "GET" || request.method === "HEAD") return handler(request, from);
      this.#bodies++;
      const answer = handler(request, from);
      if (answer instanceof Promise) answer.then(left, left);
      else left();
      return answer;
    };
  }

  /** Resolves when no body is being read, at the latest after `longest` milliseconds or when `hurry` resolves. */
  async due(longest: number, hurry: Promise<void>): Promise<void> {
    await anyOf(hurry, BESIDE);
    if (this.#bodies === 0) return;
    const quiet = new Promise<void>((resolve) => this.#quiet = resolve);
    await anyOf(Promise.race([hurry, quiet]), Math.min(LONGEST, Math.max(0, longest)));
  }
}

async function anyOf(event: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([event, new Promise<void>((resolve) => timer = setTimeout(resolve, ms))]);
  clearTimeout(timer);
}
