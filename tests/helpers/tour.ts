/**
 * The README's tour: blocks of the language `console`, in which a line that begins with `$ ` is a command (lines that
 * begin with `> ` go on with it) and what follows is what it printed. Run in order, in one directory, by `/bin/sh`.
 */

export interface Step {
  command: string;
  printed: string;
  /** Lines of the document, first and last (exclusive), that hold what was printed. */
  from: number;
  to: number;
}

/** The steps of a Markdown text, in order; those in blocks of that language. */
export function stepsOf(markdown: string, language = "console"): Step[] {
  const lines = markdown.split("\n");
  const steps: Step[] = [];
  let inside = false;
  lines.forEach((line, i) => {
    if (line.startsWith("```")) {
      inside = line === `\`\`\`${language}`;
      return;
    }
    if (!inside) return;
    const last = steps.at(-1);
    if (line.startsWith("$ ")) steps.push({ command: line.slice(2), printed: "", from: i + 1, to: i + 1 });
    else if (last && line.startsWith("> ") && last.printed === "") {
      last.command += `\n${line.slice(2)}`;
      last.from = last.to = i + 1;
    } else if (last) {
      last.printed += `${line}\n`;
      last.to = i + 1;
    }
  });
  return steps;
}

/** The text with what the commands really printed; `run` gives that. */
export async function rewrite(
  markdown: string,
  run: (command: string) => Promise<string>,
  language?: string,
): Promise<string> {
  const lines = markdown.split("\n");
  const printed: string[] = [];
  const steps = stepsOf(markdown, language);
  for (const step of steps) printed.push(await run(step.command));
  steps.toReversed().forEach((step, i) => {
    const text = printed[steps.length - 1 - i]!.replace(/\n+$/, "");
    lines.splice(step.from, step.to - step.from, ...(text === "" ? [] : text.split("\n")));
  });
  return lines.join("\n");
}

/** Runs a command of the tour against the service at `port`, and shows it as if that were 8080. */
export async function runStep(command: string, port: number, cwd: string): Promise<string> {
  // At a terminal curl shows no progress; here it would, as its output goes into a pipe.
  await Deno.writeTextFile(`${cwd}/.curlrc`, "silent\nshow-error\n");
  const output = await new Deno.Command("/bin/sh", {
    args: ["-c", command.replaceAll("localhost:8080", `localhost:${port}`)],
    cwd,
    env: { CURL_HOME: cwd },
    stdin: "null",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(output.stdout) + new TextDecoder().decode(output.stderr);
  return text.replaceAll("\r", "").replaceAll(`:${port}`, ":8080");
}

/** What differs from run to run, made the same: times, ids, versions, durations, and lengths that hang on those, and what a job took of the machine. */
export function settled(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "TIME")
    .replaceAll(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, "DATE")
    .replaceAll(/^(etag: )"\d+"$/gim, '$1"N"')
    .replaceAll(/"request_id":"[^"]*"/g, '"request_id":"ID"')
    .replaceAll(/cursor=[\w-]+/g, "cursor=C")
    .replaceAll(/[A-Za-z0-9_-]{22,}/g, "ID")
    .replaceAll(
      /"(duration|paused|expires_in|user|system|cpu_seconds|memory_bytes|memory_peak_bytes|disk_read_bytes|disk_written_bytes)":(?:[\d.]+|null)/g,
      '"$1":N',
    )
    .replaceAll(/"(\d+)":"\d+"/g, '"$1":"N"')
    // A job that has just been started may have printed something or not.
    .replaceAll(/("ended":null,[^\n]*?"output_bytes":)\d+/g, "$1N")
    .replaceAll(HEAD, (head) => /^content-type: application\/\S*json/im.test(head) ? withoutLength(head) : head)
    .split("\n").map((line) => line.trimEnd()).join("\n").trim();
}

/** The same, without what differs from one release of the runtime to another: how fields are written and ordered, and `Vary`. */
export function settledLoosely(text: string): string {
  return settled(text).replaceAll(/^vary: .*\n/gim, "").replaceAll(HEAD, (head) => {
    const [first, ...fields] = head.trimEnd().split("\n");
    // The order of fields with different names means nothing (RFC 9110, section 5.3).
    const kept = fields.filter((field) => field !== "cache-control: no-transform")
      .map((field) => field.replace(/^(cache-control: .*), no-transform$/, "$1"));
    return [first, ...kept.map((field) => field.replace(/^[^:]+/, (name) => name.toLowerCase())).sort(), ""].join(
      "\n",
    );
  });
}

/** Status line and fields of an answer that was printed with `curl -i`. */
const HEAD = /^HTTP\/1\.1 .*\n(?:[\w-]+: .*\n?)+/gm;

function withoutLength(head: string): string {
  return head.replace(/^(content-length): \d+$/im, "$1: N");
}

/** The JSON bodies in what was printed, each cut off where its `Content-Length` says that it ends. */
export function measuredBodies(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  return [...text.matchAll(HEAD)].flatMap(({ 0: head, index }) => {
    const length = /^content-length: (\d+)$/im.exec(head)?.[1];
    if (!length || !/^content-type: application\/\S*json/im.test(head)) return [];
    const start = new TextEncoder().encode(text.slice(0, index + head.length)).length + 1;
    return [new TextDecoder().decode(bytes.subarray(start, start + Number(length)))];
  });
}
