/** `stint top` at work: reads what changes, shows it, and does what keys ask for. */

import type { components } from "../../openapi/types.ts";
import { CliError } from "../errors.ts";
import { keepReading } from "../jobs/live_list.ts";
import type { JobSummary } from "../jobs/types.ts";
import type { Session } from "../session.ts";
import { pressedKeys } from "../terminal/keys.ts";
import { Screen } from "../terminal/screen.ts";
import { LogView } from "./log_view.ts";
import { type Deed, FIRST_STATE, pressed, type TopState, withJobs } from "./state.ts";
import { rowsFor, topLines } from "./view.ts";

type Queue = components["schemas"]["Queue"];

const ACTIVE = "queued,running,paused";
/** More than anybody scrolls through; `ps` and `search` find the rest. */
const MOST = "500";
/** Milliseconds between two drawings of what is coming in. */
const FRAME = 50;

export class Top implements Disposable {
  #state: TopState = FIRST_STATE;
  #queues: readonly Queue[] = [];
  #log: LogView | undefined;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  readonly #screen: Screen;
  readonly #over = new AbortController();
  readonly #ticking = setInterval(() => this.#draw(), 1000);

  constructor(private readonly session: Session) {
    this.#screen = new Screen(() => this.#draw());
  }

  /** Until somebody quits. @throws {CliError} when the server cannot be reached at the start, or refuses. */
  async run(): Promise<void> {
    this.#draw();
    const reading = keepReading(this.session.api, {
      types: "jobs",
      read: () => this.#read(),
      show: (take) => take(),
      onConnection: (trouble) => this.#set({ ...this.#state, trouble }),
      signal: this.#over.signal,
    });
    await Promise.race([reading, this.#keys()]);
  }

  /** Resolves with what shows what was read, unless something else is asked for by then. */
  async #read(): Promise<() => void> {
    const { api } = this.session;
    const { withEnded } = this.#state;
    const query = new URLSearchParams({ limit: MOST, ...(!withEnded && { state: ACTIVE }) });
    const [{ jobs }, { queues }] = await Promise.all([
      api.json<{ jobs: JobSummary[] }>("GET", "/api/jobs", { query }),
      api.json<{ queues: Queue[] }>("GET", "/api/queues"),
    ]);
    return () => {
      if (withEnded !== this.#state.withEnded) return;
      this.#queues = queues;
      this.#set(withJobs(this.#state, jobs));
    };
  }

  async #keys(): Promise<void> {
    for await (const key of pressedKeys()) {
      if (this.#log) {
        if (key === "ctrl-c") return;
        if (key === "q" || key === "escape" || key === "enter") this.#closeLog();
        continue;
      }
      const [state, deed] = pressed(this.#state, key, rowsFor(this.#screen.size.rows));
      this.#set(state);
      if (deed?.do === "quit") return;
      if (deed) this.#do(deed).catch((error: unknown) => this.#failed(error));
    }
  }

  async #do(deed: Deed): Promise<void> {
    if (deed.do === "read") {
      (await this.#read())();
    } else if (deed.do === "open") {
      this.#log = new LogView(this.session, deed.id, () => this.#drawSoon());
      this.#draw();
    } else if (deed.do === "state") {
      const { body } = await this.session.api.request("PATCH", `/api/jobs/${deed.id}`, { json: { state: deed.state } });
      await body?.cancel();
      const said = { paused: "is paused", running: "goes on", terminated: "is being ended" }[deed.state];
      this.#set({ ...this.#state, message: `Job ${deed.id} ${said}.` });
    }
  }

  #failed(error: unknown): void {
    if (!(error instanceof CliError)) throw error;
    this.#set({ ...this.#state, message: error.message });
  }

  #closeLog(): void {
    this.#log?.close();
    this.#log = undefined;
    this.#draw();
  }

  #set(state: TopState): void {
    this.#state = state;
    this.#draw();
  }

  /** Output may come much faster than anybody looks. */
  #drawSoon(): void {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.#draw();
    }, FRAME);
  }

  #draw(): void {
    if (this.#log) return this.#log.draw(this.#screen);
    const now = Date.now();
    const count = (name: "running" | "queued" | "held") => this.#queues.reduce((sum, queue) => sum + queue[name], 0);
    const paused = this.#queues.filter((queue) => queue.paused).map(({ name }) => name);
    const figures = `${count("running")} active, ${count("queued")} queued, ${count("held")} held` +
      (paused.length > 0 ? `; paused queues: ${paused.join(", ")}` : "");
    const title = `stint top  ${this.session.api.server.url}  ${new Date(now).toLocaleTimeString("en-GB")}`;
    const { paint } = this.session.out;
    this.#screen.draw(topLines(this.#state, { ...this.#screen.size, paint, now, title, figures }));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#ticking);
    clearTimeout(this.#drawing);
    this.#over.abort();
    this.#log?.close();
    this.#screen[Symbol.dispose]();
  }
}
