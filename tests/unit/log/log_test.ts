import assert from "node:assert/strict";
import { configureLog, ErrorLog, logOf, silenceLog } from "../../../lib/log.ts";
import { jsonLine, textLine } from "../../../lib/log/format.ts";
import { RotatingFile } from "../../../lib/log/rotating_file.ts";

async function inTempDir(work: (directory: string) => void | Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "stint-log-" });
  try {
    await work(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const record = {
  category: ["stint", "jobs"],
  level: "info",
  message: ["Job started"],
  rawMessage: "Job started",
  timestamp: Date.UTC(2026, 0, 31),
  properties: { job: 12, name: "a b\nc", absent: undefined },
} as const;

Deno.test("a log line for people quotes what could be taken for another line", () => {
  assert.equal(textLine(record), '2026-01-31T00:00:00.000Z INFO    jobs: Job started job=12 name="a b\\nc"');
});

Deno.test("a log line of JSON has its facts beside time, level, part and message", () => {
  assert.deepEqual(JSON.parse(jsonLine(record)), {
    time: "2026-01-31T00:00:00.000Z",
    level: "info",
    part: "jobs",
    message: "Job started",
    job: 12,
    name: "a b\nc",
  });
});

Deno.test("a file that would grow too large is moved aside, and the oldest is dropped", () =>
  inTempDir((directory) => {
    const file = new RotatingFile(`${directory}/x`, { maxBytes: 10, files: 3 });
    for (const word of ["first", "second", "third", "fourth"]) file.writeLine(word);
    file.close();
    const content = ["x", "x.1", "x.2"].map((name) => Deno.readTextFileSync(`${directory}/${name}`));
    assert.deepEqual(content, ["fourth\n", "third\n", "second\n"]);
    assert.equal([...Deno.readDirSync(directory)].length, 3);
  }));

Deno.test("a file goes on where it was when it is opened again", () =>
  inTempDir((directory) => {
    for (const word of ["first", "second"]) {
      const file = new RotatingFile(`${directory}/x`, { maxBytes: 100, files: 2 });
      file.writeLine(word);
      file.close();
    }
    assert.equal(Deno.readTextFileSync(`${directory}/x`), "first\nsecond\n");
  }));

Deno.test("error.log is there from the start, for its owner only, and takes what is logged as an error", () =>
  inTempDir((directory) => {
    const lines: string[] = [];
    const { error } = console;
    console.error = (line: string) => lines.push(line);
    try {
      const log = ErrorLog.open(directory);
      assert.equal(Deno.statSync(`${directory}/error.log`).mode! & 0o777, 0o600);
      configureLog({ level: "info", format: "text" });
      logOf("store").warn("Slow");
      logOf("store").error("Broken", { error: new Error("disk") });
      log.write({ request_id: "r1", status: 503 });
      log.close();
      logOf("store").error("Too late");
    } finally {
      silenceLog();
      console.error = error;
    }
    const written = Deno.readTextFileSync(`${directory}/error.log`).trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(written.map((line) => line.message ?? line.request_id), ["Broken", "r1"]);
    assert.match(written[0].error, /^Error: disk\n/);
    assert.deepEqual(lines.map((line) => /store: (\w+)/.exec(line)?.[1]), ["Slow", "Broken", "Too"]);
  }));
