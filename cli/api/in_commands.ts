/** What the server says of requests, in the words of the command line. */

/** What a message of the server advises, and which command does that. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/\bGET \/api\/jobs lists/g, "`stint ps -a` lists"],
  [/\bGET \/api\/queues lists/g, "`stint queue` lists"],
  [/\bGET \/api\/files lists/g, "`stint files` lists"],
  [/\bGET \/api\/uploads lists/g, "`stint uploads` lists"],
  [/\bPUT \/api\/queues\/(\S+) makes/g, "`stint queue set $1` makes"],
  [/\bGET \/api\/statuses\/(\d+) tells/g, "`stint wait $1` waits for it"],
  [/\bsee GET \/api\/statuses for/g, "see `stint ps` for"],
  [/\bGET \/new_job\/ gives (?:a new )?one/g, "`stint put` and `stint fetch` take one by themselves"],
  [/\bend it with PUT \/api\/kill/g, "end it with `stint hold --kill ID`"],
  [/\badd \?terminate=true to do both/g, "add --force to do both"],
  [/\bSend \?replace=true or If-Match to replace it/g, "Add --replace to replace it"],
];

export function inCommands(text: string): string {
  return ADVICE.reduce((said, [pattern, command]) => said.replaceAll(pattern, command), text);
}

/** Fields of requests that an option of a command fills: of the same name, with hyphens. */
const FIELDS: ReadonlySet<string> = new Set([
  ...["after", "backoff", "cwd", "env", "exit_code", "grace", "if", "label", "labels", "limit", "max_output"],
  ...["max_queued", "max_retry_delay", "min_duration", "name", "output", "priority", "queue", "retries"],
  ...["retry_delay", "signal", "since", "slots", "sort", "start_at", "state", "timeout", "to", "until"],
]);

/** The option that a pointer (`/max_output`, `query/state`) is about; the pointer itself where that is no option's. */
export function optionAt(pointer: string): string {
  const [, field = ""] = /^(?:query)?\/(\w+)/.exec(pointer) ?? [];
  if (!FIELDS.has(field)) return pointer;
  // Labels are given one by one.
  return field === "labels" ? "--label" : `--${field.replaceAll("_", "-")}`;
}
