/** What Ctrl-C means while a job is being followed. */

import { usage } from "../errors.ts";
import type { Output } from "../output.ts";

export type Answer = "detach" | "kill" | "go on";
export type OnInterrupt = "ask" | "detach" | "kill";

/** `deno task` passes one Ctrl-C on twice, less than a millisecond apart. */
const SAME_MS = 150;

export function onInterruptOf(text: string | undefined): OnInterrupt {
  if (text === undefined) return "ask";
  if (text === "ask" || text === "detach" || text === "kill") return text;
  throw usage(`--on-interrupt ${text}: expected ask, detach or kill`);
}

/**
 * Listens for Ctrl-C until it is disposed of. Somebody at a terminal is asked; a second Ctrl-C detaches. Where nobody can
 * be asked, the job goes on (`detach`). SIGTERM and SIGHUP always detach.
 */
export class Interrupts implements Disposable {
  #last = -Infinity;
  #asking = false;
  readonly #onInt = () => this.#interrupted();
  readonly #onTerm = () => this.act("detach");

  constructor(
    private readonly out: Output,
    private readonly id: number,
    private readonly wish: OnInterrupt,
    private readonly act: (answer: Answer) => void,
  ) {
    Deno.addSignalListener("SIGINT", this.#onInt);
    Deno.addSignalListener("SIGTERM", this.#onTerm);
    Deno.addSignalListener("SIGHUP", this.#onTerm);
  }

  #interrupted(): void {
    const now = performance.now();
    const same = now - this.#last < SAME_MS;
    this.#last = now;
    if (same) return;
    if (this.#asking) return this.act("detach");
    if (this.wish !== "ask") return this.act(this.wish);
    if (!Deno.stdin.isTerminal() || !this.out.errIsTerminal) return this.act("detach");
    this.#asking = true;
    this.#ask().then((answer) => {
      this.#asking = false;
      this.act(answer);
    });
  }

  async #ask(): Promise<Answer> {
    const keys = this.out.errPaint("bold", "[d]etach, [k]ill or [c]ontinue?");
    this.out.note(`\nJob ${this.id} is not over: ${keys} (Ctrl-C again detaches)`);
    const answer = await readAnswer();
    const said = { detach: "Detached.", kill: "Ending it.", "go on": "Going on." };
    this.out.note(said[answer]);
    return answer;
  }

  [Symbol.dispose](): void {
    Deno.removeSignalListener("SIGINT", this.#onInt);
    Deno.removeSignalListener("SIGTERM", this.#onTerm);
    Deno.removeSignalListener("SIGHUP", this.#onTerm);
    // The job has ended before the question was answered.
    if (this.#asking) Deno.stdin.setRaw(false);
  }
}

const CTRL_C = "\x03";
const CTRL_D = "\x04";
const ANSWERS: Record<string, Answer> = {
  d: "detach",
  k: "kill",
  c: "go on",
  [CTRL_C]: "detach",
  [CTRL_D]: "detach",
  q: "detach",
};

/** One key, without Enter. Other keys mean nothing. */
async function readAnswer(): Promise<Answer> {
  Deno.stdin.setRaw(true);
  try {
    const buffer = new Uint8Array(16);
    while (true) {
      const count = await Deno.stdin.read(buffer);
      // Nobody is there any more.
      if (count === null) return "detach";
      for (const key of new TextDecoder().decode(buffer.subarray(0, count)).toLowerCase()) {
        if (Object.hasOwn(ANSWERS, key)) return ANSWERS[key]!;
      }
    }
  } finally {
    Deno.stdin.setRaw(false);
  }
}
