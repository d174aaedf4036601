/** Sends one file, going on where an earlier attempt was cut off. */

import type { components } from "../../openapi/types.ts";
import { Again, isPassing } from "../api/again.ts";
import { type Client, Unreachable } from "../api/client.ts";
import { Refusal, unless } from "../api/problem.ts";
import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import { Progress } from "../terminal/progress.ts";
import { bodyOf } from "./body.ts";
import { sha256Of } from "./digest.ts";
import { fromBeginning, type Start, StillBusy, whereToGoOn } from "./partial.ts";
import { giveBack, takeSlot } from "./slot.ts";
import { storedIfReadable } from "./stored.ts";

export type Worker = components["schemas"]["Worker"];

export interface Upload {
  path: string;
  name: string;
  replace: boolean;
  wait: boolean;
  /** Whether to go on with what an earlier attempt has brought there, and to leave such a thing for the next one. */
  resume: boolean;
}

export interface Sent {
  worker: Worker;
  /** How many bytes an earlier command had sent. */
  resumed: number;
}

/** Milliseconds of silence after which it is asked whether the transfer was paused. */
const SILENCE = 1_500;

/** What another attempt gets over: it begins by asking how far the last one came. */
const PASSING: ReadonlySet<string> = new Set(["body_stalled", "upload_active", "upload_offset_mismatch"]);

/**
 * Sends a file and resolves with the worker's final state; with nothing when the server has this very file already.
 * Connections that break are made again.
 * @throws {CliError}
 */
export async function upload(api: Client, out: Output, wish: Upload): Promise<Sent | undefined> {
  const { size, isFile } = await Deno.stat(wish.path);
  if (!isFile) throw new CliError(`${wish.path} is no file`, EXIT.usage);
  return await new Sending(api, out, wish, size).run();
}

class Sending {
  readonly #again: Again;
  #progress: Progress | undefined;
  /** The worker of the last attempt. */
  #worker: string | undefined;
  #resumed: number | undefined;

  constructor(
    private readonly api: Client,
    private readonly out: Output,
    private readonly wish: Upload,
    private readonly size: number,
  ) {
    this.#again = new Again({ onLoss: (error) => this.#lost(error), isPassing: isWorthTrying });
  }

  async run(): Promise<Sent | undefined> {
    try {
      while (true) {
        try {
          const worker = await this.#ended();
          if (worker) return { worker, resumed: this.#resumed ?? 0 };
          if (await this.#isThere()) return undefined;
          const start = this.wish.resume ? await whereToGoOn(this.api, this.wish, this.size) : fromBeginning();
          this.#resumed ??= start.from;
          this.#again.ok();
          return { worker: await this.#attempt(start), resumed: this.#resumed };
        } catch (error) {
          await this.#again.wait(error);
        }
      }
    } finally {
      this.#progress?.[Symbol.dispose]();
    }
  }

  /** What became of the last attempt, whose answer was lost; nothing when there is more to send. */
  async #ended(): Promise<Worker | undefined> {
    if (this.#worker === undefined) return undefined;
    const worker = await unless([400, 403], this.api.json<Worker>("GET", `/status/${this.#worker}`));
    if (!worker || worker.status === "failed") return undefined;
    if (["reserved", "running", "paused"].includes(worker.status)) throw new StillBusy(this.wish.name);
    return this.#checked(worker, await sha256Of(this.wish.path));
  }

  async #isThere(): Promise<boolean> {
    const known = await storedIfReadable(this.api, this.wish.name);
    // Read through only where it may be the same.
    return known !== undefined && known.bytes === this.size && known.sha256 === await sha256Of(this.wish.path);
  }

  async #attempt({ id, from, sum }: Start): Promise<Worker> {
    const { api, out, wish, size } = this;
    const worker = await takeSlot(api, out, wish.wait);
    const progress = this.#progress ??= new Progress(out, wish.name, size);
    progress.reset(from);
    progress.state = undefined;
    const looking = setInterval(() => lookAfter(api, worker, progress), SILENCE);
    try {
      const body = await bodyOf(wish.path, from, (bytes) => {
        sum.add(bytes);
        progress.add(bytes.length);
      });
      this.#worker = worker;
      const query = new URLSearchParams({
        ...(id === undefined ? { name: wish.name } : { resume: id }),
        ...(wish.replace && { replace: "true" }),
      });
      const headers = { "content-type": "application/octet-stream", ...(wish.resume && fieldsOf(from, size)) };
      const ended = await api.json<Worker>("POST", `/upload/new/${worker}`, { query, body, headers });
      return this.#checked(ended, sum.hex());
    } catch (error) {
      if (error instanceof Refusal) await giveBack(api, worker);
      throw error;
    } finally {
      clearInterval(looking);
    }
  }

  #checked(worker: Worker, sha256: string): Worker {
    const { name } = this.wish;
    if (worker.status !== "completed") {
      throw new CliError(`The upload of ${name} was ended: it is ${worker.status}`, EXIT.failed);
    }
    if (worker.sha256 === sha256) return worker;
    throw new CliError(`${name} arrived otherwise than it was sent`, EXIT.failed, "Send it again with --replace.");
  }

  #lost(error: Error): void {
    const { out, wish: { resume } } = this;
    const then = resume ? "going on when it is there again" : "sending it again when it is there again";
    if (this.#progress && out.errIsTerminal) this.#progress.state = "no connection";
    else out.note(`stint: ${error.message}; ${then}`);
  }
}

function isWorthTrying(error: unknown): boolean {
  if (isPassing(error) || error instanceof StillBusy) return true;
  return error instanceof Refusal && PASSING.has(error.problem.code ?? "");
}

/** Those of draft-ietf-httpbis-resumable-upload. */
function fieldsOf(from: number, size: number): Record<string, string> {
  return { "upload-complete": "?1", "upload-offset": String(from), "upload-length": String(size) };
}

/** Says at the bar that somebody has paused the transfer. */
async function lookAfter(api: Client, id: string, progress: Progress): Promise<void> {
  if (progress.silence < SILENCE) return;
  try {
    const { status } = await api.json<Worker>("GET", `/status/${id}`);
    progress.state = status === "paused" ? "paused" : status === "running" ? "waiting for the server" : status;
  } catch (error) {
    // The transfer itself will say what is wrong.
    if (!(error instanceof CliError)) throw error;
    progress.state = error instanceof Unreachable ? "no connection" : undefined;
  }
}
