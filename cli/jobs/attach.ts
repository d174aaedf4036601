/** Follows one job as if it ran here: its output, its exit code, and Ctrl-C. */

import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import type { Session } from "../session.ts";
import { type Answer, Interrupts, type OnInterrupt } from "./interrupt.ts";
import { exitCodeOf, outcomeLine } from "./outcome.ts";
import { showFollowed } from "./show_output.ts";

/** Resolves with the job's exit code, or with 130 when it was left to itself. */
export async function attach(session: Session, id: number, onInterrupt: OnInterrupt): Promise<number> {
  const { api, out } = session;
  const leaving = new AbortController();
  const act = (answer: Answer) => {
    if (answer === "detach") leaving.abort();
    if (answer === "kill") {
      api.request("PATCH", `/api/jobs/${id}`, { json: { state: "terminated" } })
        .then(({ body }) => body?.cancel(), (error: unknown) => notKilled(out, error));
    }
  };
  using _interrupts = new Interrupts(out, id, onInterrupt, act);
  const job = await showFollowed(session, id, { signal: leaving.signal });
  if (!job) {
    out.note(`Job ${id} goes on. \`stint logs -f ${id}\` follows it again, \`stint kill ${id}\` ends it.`);
    return EXIT.interrupted;
  }
  const code = exitCodeOf(job);
  if (code !== EXIT.ok) out.note(out.errPaint("red", outcomeLine(job)));
  return code;
}

/** Said, and the job is followed on: it may be ended in another way. */
function notKilled(out: Output, error: unknown): void {
  if (!(error instanceof CliError)) throw error;
  out.complain(error);
}
