/** Problem documents (RFC 9457) of the server, as errors for people. */

import type { components } from "../../openapi/types.ts";
import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { inCommands, optionAt } from "./in_commands.ts";

export type ProblemView = components["schemas"]["Problem"];

/** The server refused. */
export class Refusal extends CliError {
  constructor(
    readonly status: number,
    readonly problem: Partial<ProblemView>,
    readonly retryAfter: number | undefined,
  ) {
    super(messageOf(status, problem), exitCodeOf(status, problem.code), hintOf(status, problem.code, retryAfter));
  }

  override details(): Record<string, unknown> {
    const { status, problem, retryAfter } = this;
    return { status, ...(retryAfter !== undefined && { retry_after: retryAfter }), problem };
  }
}

/** What was asked for; nothing where that was refused with one of these statuses. */
export async function unless<T>(statuses: readonly number[], asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal && statuses.includes(error.status)) return undefined;
    throw error;
  }
}

/** Reads the body of an answer that is no success. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const text = await response.text();
  const after = response.headers.get("retry-after");
  const retryAfter = after === null || !/^\d+$/.test(after) ? undefined : Number(after);
  return new Refusal(response.status, parse(text), retryAfter);
}

function parse(text: string): Partial<ProblemView> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    // Whatever stands between us and the server speaks otherwise.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** What the server says, with commands and options where it speaks of requests and fields. */
function messageOf(status: number, { title, detail, errors = [] }: Partial<ProblemView>): string {
  let text = detail ?? title ?? `The server answered ${status}.`;
  const more: string[] = [];
  for (const { pointer, detail } of errors) {
    const said = `${optionAt(pointer)}: ${detail}`;
    if (text.includes(`${pointer}: ${detail}`)) text = text.replaceAll(`${pointer}: ${detail}`, () => said);
    else if (!text.includes(detail)) more.push(said);
  }
  return inCommands(more.length > 0 ? `${text} ${more.join("; ")}` : text);
}

const BY_STATUS: Record<number, number> = {
  400: EXIT.usage,
  401: EXIT.notAllowed,
  403: EXIT.notAllowed,
  404: EXIT.notFound,
  409: EXIT.conflict,
  410: EXIT.notFound,
  412: EXIT.conflict,
  413: EXIT.usage,
  422: EXIT.conflict,
  429: EXIT.later,
  503: EXIT.later,
  507: EXIT.storage,
};

/** The exit code for a status and, where that says too little, a problem's code. */
export function exitCodeOf(status: number, code?: string): number {
  if (code === "storage_failed") return EXIT.storage;
  if (code === "worker_unknown" || code === "worker_expired") return EXIT.notFound;
  if (status === 400 && code === "invalid_transition") return EXIT.conflict;
  return BY_STATUS[status] ?? EXIT.failed;
}

const BY_CODE: Record<string, string> = {
  insufficient_scope: "`stint status` shows what the token may do.",
  token_bound: "This token is bound to certain jobs; `stint token list` shows to which, on the server's machine.",
  forbidden_host: "Call the server by a name that it knows, or start it with --allow-host NAME.",
  queue_full: "`stint queue show` tells how full it is; try again later, or choose another --queue.",
  precondition_failed: "`stint get --json KEY` and `stint keys` show versions.",
  upload_active: "`stint status WORKER-ID` shows how far that is, `stint kill WORKER-ID` ends it.",
  no_slot: "All slots are taken: `stint ps` shows by what. Try again later.",
  too_large: "The server's --max-body says how much it takes; `stint put` stores what is larger.",
  storage_full: "Make room on the server's disk; `stint rm` removes jobs with their output.",
  storage_failed: "Look at the server's error.log; `stint doctor` on its machine says more.",
  internal: "The server's error.log has it; `stint doctor` on its machine says more.",
  rate_limited: "The server lets this token make so many requests and no more.",
};

function hintOf(status: number, code: string | undefined, retryAfter: number | undefined): string | undefined {
  const known = status === 401
    ? "Give a token: set STINT_TOKEN, use --token-file FILE, or keep it in the configuration file. " +
      "`stint token create --name NAME --scope SCOPES` makes one on the server's machine."
    : code === undefined
    ? "Is that a Stint server, and is its address right? Check --server."
    : BY_CODE[code];
  const again = retryAfter === undefined ? "" : `Try again in ${retryAfter} s.`;
  return [known, again].filter(Boolean).join(" ") || undefined;
}

/** The server is elsewhere, as its port for HTTPS is. Where a redirect led, a token would be shown to somebody else. */
export function movedError(url: string, response: Response): CliError {
  const to = response.headers.get("location") ?? "";
  const server = URL.canParse(to, url) ? new URL(to, url).origin : undefined;
  return new CliError(
    `${url} sends on to ${server ?? "another address"}, and nothing was done`,
    EXIT.failed,
    server === undefined ? "Say where the server is: --server URL." : `Call that one: --server ${server}`,
  );
}
