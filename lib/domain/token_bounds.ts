/**
 * What a token is bound to. Its scopes say which kinds of things it may do; its bounds say with which jobs. A token
 * without bounds may do what its scopes say with all of them.
 */

import { Problem } from "./errors.ts";
import { commandLine, type Job, type JobSpec, queueOf } from "./job.ts";
import { DEFAULT_QUEUE } from "./queue.ts";

/** At least one of the three is there. */
export interface TokenBounds {
  /** Names of queues, at least one: only jobs that go, or went, through these. */
  queues?: string[];
  /** Only jobs that carry all of these. */
  labels?: Record<string, string>;
  /** Only these commands may be run. */
  commands?: CommandBounds;
}

/** Commands are never shell lines: what follows a `;` in one could be anything. */
export interface CommandBounds {
  /** A job's `argv` has to begin with one of these, word by word. */
  prefixes: string[][];
  /** The working directory of every job. Not there: the default one, which no request can change. */
  cwd?: string;
  /** Names of the variables that a request may set. */
  env?: string[];
  /** Whether a request may feed the command's standard input. */
  stdin?: boolean;
}

/**
 * Fields with which a request says what a command is, or what it finds when it begins: where commands are bound, these
 * are checked. One that is new has to be put down here, or it does not compile.
 */
const FIELDS: Record<keyof JobSpec, "command" | "free"> = {
  command: "command",
  argv: "command",
  cwd: "command",
  env: "command",
  secretEnv: "command",
  stdin: "command",
  name: "free",
  labels: "free",
  timeout: "free",
  grace: "free",
  priority: "free",
  queue: "free",
  startAt: "free",
  after: "free",
  condition: "free",
  retries: "free",
  retryDelay: "free",
  backoff: "free",
  maxRetryDelay: "free",
  maxOutput: "free",
  limits: "free",
  sandbox: "command",
};

/** Whether somebody with these bounds can see a job: by its queue and its labels. All that others may ask of it is 404. */
export function isInView(bounds: TokenBounds | undefined, job: Job): boolean {
  return !bounds || isWithin(bounds, queueOf(job), job.spec.labels);
}

/** The same of a job of which only these are known. */
export function isWithin(
  { queues, labels = {} }: TokenBounds,
  queue: string | null,
  has: Record<string, string> = {},
): boolean {
  return (!queues || (queue !== null && queues.includes(queue))) &&
    Object.entries(labels).every(([name, value]) => Object.hasOwn(has, name) && has[name] === value);
}

/**
 * Refuses to touch (end, pause, signal, remove) a job which somebody with these bounds sees and could not have asked for:
 * another command, or the same with variables, an input or a directory that are not theirs to choose.
 * @throws {Problem} `token_bound`, with a pointer to what that is.
 */
export function assertMayTouch(bounds: TokenBounds | undefined, { id, spec }: Job): void {
  const commands = bounds?.commands;
  if (!commands) return;
  try {
    withCommand(spec, commands);
    // A job of theirs has been given it.
    if (spec.cwd !== commands.cwd) {
      throw outside("/cwd", "The token's jobs run in a directory that was chosen for them");
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(
      "token_bound",
      `The token could not have asked for job ${id} itself, so it may look at it and no more. ${error.message}`,
      error.extras,
    );
  }
}

/**
 * A job as somebody with these bounds may ask for it: with the token's labels and working directory put in, and its queue
 * where it has only one. `inWorker`: it is to run in a worker slot, and goes through no queue.
 * @throws {Problem} `token_bound`, with a pointer to what is not within the bounds.
 */
export function boundSpec(spec: JobSpec, bounds: TokenBounds | undefined, inWorker = false): JobSpec {
  if (!bounds) return spec;
  return withCommand(withQueue(withLabels(spec, bounds.labels), bounds.queues, inWorker), bounds.commands);
}

function withLabels(spec: JobSpec, bound: TokenBounds["labels"]): JobSpec {
  if (!bound) return spec;
  for (const [name, value] of Object.entries(bound)) {
    const asked = spec.labels && Object.hasOwn(spec.labels, name) ? spec.labels[name] : value;
    if (asked !== value) throw outside(`/labels/${name}`, `The token's jobs carry the label ${name}=${value}`);
  }
  return { ...spec, labels: { ...spec.labels, ...bound } };
}

function withQueue(spec: JobSpec, queues: TokenBounds["queues"], inWorker: boolean): JobSpec {
  if (!queues) return spec;
  if (inWorker) throw outside("", "The token's jobs go through its queues, and one in a worker slot goes through none");
  if (spec.queue === undefined && !queues.includes(DEFAULT_QUEUE) && queues.length === 1) {
    return { ...spec, queue: queues[0]! };
  }
  if (queues.includes(spec.queue ?? DEFAULT_QUEUE)) return spec;
  throw outside("/queue", `The token's jobs go through ${queues.length > 1 ? "one of " : ""}${queues.join(", ")}`);
}

function withCommand(spec: JobSpec, bound: CommandBounds | undefined): JobSpec {
  if (!bound) return spec;
  const checked = (Object.keys(spec) as (keyof JobSpec)[])
    .filter((name) => FIELDS[name] !== "free" && spec[name] !== undefined);
  for (const name of checked) assertCommandField(name, spec, bound);
  if (!isAllowed(bound, spec.argv)) {
    const all = bound.prefixes.map((argv) => commandLine({ ...spec, command: undefined, argv })).join("; ");
    throw outside("/argv", `The token may only run commands that begin with ${all}`);
  }
  return bound.cwd === undefined ? spec : { ...spec, cwd: bound.cwd };
}

/** Whatever is not known here is refused: it might change what the command does. */
function assertCommandField(name: keyof JobSpec, spec: JobSpec, { cwd, env = [], stdin }: CommandBounds): void {
  switch (name) {
    case "argv":
      return;
    case "command":
      throw outside("/command", "The token may only run certain commands, never a shell line: send argv");
    case "cwd":
      if (spec.cwd === cwd) return;
      throw outside("/cwd", "The token's jobs run in a directory that was chosen for them");
    case "stdin":
      if (stdin) return;
      throw outside("/stdin", "The token may feed its commands nothing");
    case "env":
    case "secretEnv": {
      const names = name === "env" ? Object.keys(spec.env ?? {}) : spec.secretEnv ?? [];
      const other = names.find((variable) => !env.includes(variable));
      if (other === undefined) return;
      const what = env.length > 0 ? `only set ${env.join(", ")}` : "set no variables";
      throw outside(
        `/${name === "env" ? name : "secret_env"}/${other}`,
        `The token may ${what}: others could change what its commands do`,
      );
    }
    default:
      throw outside(`/${name}`, "The token may not say that of its commands");
  }
}

function isAllowed({ prefixes }: CommandBounds, argv: string[] | undefined): boolean {
  return prefixes.some((prefix) =>
    argv !== undefined && argv.length >= prefix.length && prefix.every((word, i) => argv[i] === word)
  );
}

function outside(pointer: string, detail: string): Problem {
  const escaped = pointer.replace(
    /^\/([^/]+)\/(.*)$/s,
    (_, field: string, name: string) => `/${field}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`,
  );
  return new Problem("token_bound", `${detail}.`, { errors: [{ pointer: escaped, detail }] });
}

/** Whether a value that was read from a file is {@link TokenBounds}. */
export function isTokenBounds(value: unknown): value is TokenBounds {
  if (!isObject(value)) return false;
  const { queues, labels, commands, ...rest } = value;
  const given = [queues, labels, commands].some((each) => each !== undefined);
  return given && Object.keys(rest).length === 0 && (queues === undefined || isTexts(queues)) &&
    (labels === undefined || (isObject(labels) && isTexts(Object.values(labels)))) &&
    (commands === undefined || isCommandBounds(commands));
}

function isCommandBounds(value: unknown): value is CommandBounds {
  if (!isObject(value)) return false;
  const { prefixes, cwd, env, stdin, ...rest } = value;
  return Object.keys(rest).length === 0 && Array.isArray(prefixes) && prefixes.length > 0 && prefixes.every(isTexts) &&
    (cwd === undefined || typeof cwd === "string") && (env === undefined || isTexts(env)) &&
    (stdin === undefined || typeof stdin === "boolean");
}

/** At least one. An empty list would bind to nothing, and might be read as no bound at all. */
function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
