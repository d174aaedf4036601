/** Looks at the data directory: whether it is there, ours, closed to others, writable, roomy and quiet. */

import { join } from "node:path";
import { size } from "../jobs/times.ts";
import { fail, type Finding, ok, reasonOf, warn } from "./finding.ts";

const ABOUT = "data directory";
const LITTLE = 1024 ** 3;
const TOO_LITTLE = 64 * 1024 ** 2;
const DAY_MS = 86_400_000;
/** How much of the end of `error.log` is read. */
const LOG_END = 256 * 1024;

export function checkDataDirectory(path: string): Finding[] {
  let about: Deno.FileInfo;
  try {
    about = Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [ok(ABOUT, `${path} is not there yet; \`stint serve\` makes it`)];
    return [
      fail(
        ABOUT,
        `${path} cannot be looked at: ${reasonOf(error)}`,
        "Run this as the user that the server runs as.",
      ),
    ];
  }
  if (!about.isDirectory) return [fail(ABOUT, `${path} is no directory`, "Name another one with --data.")];
  return [...ownership(path, about), ...files(path), writing(path), room(path), ...errors(path)];
}

/** What lies in it and others may read, as a backup that was put back may. */
function files(path: string): Finding[] {
  const open = [...Deno.readDirSync(path)].map(({ name }) => join(path, name)).filter((each) => {
    const { mode } = Deno.lstatSync(each);
    return mode !== null && (mode & 0o077) !== 0;
  });
  if (open.length === 0) return [];
  return [warn(ABOUT, `open to others: ${open.join(", ")}`, `chmod -R go= ${path}`)];
}

function ownership(path: string, { mode, uid }: Deno.FileInfo): Finding[] {
  const me = Deno.uid();
  if (uid !== null && me !== null && uid !== me) {
    return [
      fail(
        ABOUT,
        `${path} belongs to user ${uid}, and this is user ${me}`,
        `Run as that user, or: chown -R ${me} ${path}`,
      ),
    ];
  }
  if (mode === null || (mode & 0o077) === 0) return [ok(ABOUT, `${path} is ours alone`)];
  return [
    fail(
      ABOUT,
      `${path} is open to others (mode ${(mode & 0o777).toString(8).padStart(4, "0")}), and no server starts on it`,
      `chmod 700 ${path}`,
    ),
  ];
}

function writing(path: string): Finding {
  const probe = join(path, `.doctor-${crypto.randomUUID()}`);
  try {
    Deno.writeTextFileSync(probe, "");
    Deno.removeSync(probe);
    return ok(ABOUT, "it can be written to");
  } catch (error) {
    return fail(ABOUT, `it cannot be written to: ${reasonOf(error)}`, "Make room, or mount it for writing.");
  }
}

/** By `df`, since this program may not ask the system itself. */
function room(path: string): Finding {
  const { success, stdout } = new Deno.Command("/bin/sh", {
    args: ["-c", 'df -Pk -- "$0" | tail -n 1', path],
    stdin: "null",
    stderr: "null",
  }).outputSync();
  const kilobytes = /\s\d+\s+\d+\s+(\d+)\s+\d+%\s/.exec(new TextDecoder().decode(stdout))?.[1];
  if (!success || kilobytes === undefined) {
    return warn("disk", "how much is free is not known", "See whether `df` works.");
  }
  const free = Number(kilobytes) * 1024;
  const text = `${size(free)} free`;
  if (free < TOO_LITTLE) return fail("disk", text, "Make room: the server refuses writes when it is full.");
  if (free < LITTLE) return warn("disk", text, "Make room, or keep less: --keep-bytes, --keep-days.");
  return ok("disk", text);
}

function errors(path: string): Finding[] {
  let text: string;
  try {
    text = endOf(join(path, "error.log"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    return [
      warn(
        "error.log",
        `it cannot be read: ${reasonOf(error)}`,
        "Run this as the user that the server runs as.",
      ),
    ];
  }
  const recent = text.split("\n").filter((line) => Date.parse(timeOf(line)) > Date.now() - DAY_MS);
  if (recent.length === 0) return [ok("error.log", "no error within a day")];
  return [
    warn("error.log", `${recent.length} errors within a day`, `Look at the last ones: tail ${join(path, "error.log")}`),
  ];
}

function endOf(path: string): string {
  using file = Deno.openSync(path);
  const { size } = file.statSync();
  file.seekSync(Math.max(0, size - LOG_END), Deno.SeekMode.Start);
  const bytes = new Uint8Array(LOG_END);
  let length = 0;
  for (let count: number | null; (count = file.readSync(bytes.subarray(length))) !== null && count > 0;) {
    length += count;
  }
  return new TextDecoder().decode(bytes.subarray(0, length));
}

function timeOf(line: string): string {
  return /"time(?:stamp)?":"([^"]+)"/.exec(line)?.[1] ?? "";
}
