import { equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DatabaseDamaged, DatabaseTooNew, DirectoryInUse, openStore } from "../../lib/store/open.ts";

const PROGRAM = new URL("./store_writer_process.ts", import.meta.url).pathname;

Deno.test("a second process on one data directory is refused and told the first one's pid, until that is killed", async () => {
  await inDirectory(async (directory) => {
    const first = start(directory, "hold");
    await first.line("open");
    const second = start(directory, "hold");
    const said = await new Response(second.process.stderr).text();
    equal((await second.process.status).code, 1);
    await second.process.stdout.cancel();
    match(said, new RegExp(`^DirectoryInUse: The data directory .* is in use by process ${first.process.pid}\\. `));
    await rejects(
      openStore({ directory }),
      (error) => error instanceof DirectoryInUse && error.pid === first.process.pid,
    );
    await first.kill();
    await (await openStore({ directory })).close();
  });
});

Deno.test("a store that is open is refused to the same process, and free again once it is closed", async () => {
  await inDirectory(async (directory) => {
    const store = await openStore({ directory });
    await rejects(openStore({ directory }), (error) => error instanceof DirectoryInUse && error.pid === Deno.pid);
    await store.close();
    await (await openStore({ directory })).close();
  });
});

Deno.test("16 writers killed with SIGKILL lose nothing that was acknowledged, three times over", async () => {
  await inDirectory(async (directory) => {
    for (let round = 0; round < 3; round++) {
      const writers = start(directory, "write");
      await writers.line("open");
      const acknowledged = await writers.killAfter(200 * (round + 1));
      equal(acknowledged.size, 16);
      const store = await openStore({ directory });
      for (const [key, n] of acknowledged) {
        const found = await store.keys.get(key, Date.now());
        const there = Number(new TextDecoder().decode(found?.value.value));
        ok(there === n || there === n + 1, `${key} is ${there}, ${n} was acknowledged`);
      }
      await store.close();
    }
  });
});

Deno.test("the data directory and what is in it are for the owner only", async () => {
  await inDirectory(async (parent) => {
    const directory = join(parent, "a", "b");
    const store = await openStore({ directory });
    equal((await Deno.stat(directory)).mode! & 0o777, 0o700);
    for await (const { name } of Deno.readDir(directory)) {
      equal((await Deno.stat(join(directory, name))).mode! & 0o777, 0o600, name);
    }
    await store.close();
  });
});

Deno.test("a database of a newer release is refused, left as it is, and the directory is free again", async () => {
  await inDirectory(async (directory) => {
    await (await openStore({ directory })).close();
    const path = join(directory, "stint.db");
    const db = new DatabaseSync(path);
    db.exec("PRAGMA user_version = 99");
    db.close();
    for (let i = 0; i < 2; i++) {
      await rejects(openStore({ directory }), (error) => {
        ok(error instanceof DatabaseTooNew);
        match(error.message, /newer release .*99.* Start that release, or restore a copy/);
        return true;
      });
    }
    const after = new DatabaseSync(path, { readOnly: true });
    equal((after.prepare("PRAGMA user_version").get() as { user_version: number }).user_version, 99);
    after.close();
  });
});

const damages: Record<string, (path: string) => Promise<void>> = {
  "is empty": (path) => Deno.truncate(path, 0),
  "is not a database": (path) => Deno.writeTextFile(path, "нечто иное, и довольно длинное ".repeat(50)),
  "is shorter than a header": (path) => Deno.truncate(path, 50),
  "is cut short": (path) => Deno.truncate(path, 8192),
  "has an overwritten schema": async (path) => {
    const file = await Deno.open(path, { write: true });
    await file.seek(100, Deno.SeekMode.Start);
    await file.write(new Uint8Array(3000).fill(0xa5));
    file.close();
  },
  "lacks an index": (path) => edit(path, "DROP INDEX keys_by_expiry"),
  "has a table of another form": (path) => edit(path, "ALTER TABLE keys ADD COLUMN more"),
  "is gone while its log is there": async (path) => {
    await Deno.remove(path);
    await Deno.remove(path.replace("stint.db", "marker"));
    await Deno.writeTextFile(`${path}-wal`, "some changes");
  },
  "lacks its tables": async (path) => {
    await Deno.remove(path);
    const db = new DatabaseSync(path);
    db.exec("CREATE TABLE other (x); PRAGMA user_version = 1");
    db.close();
  },
};
for (const [how, damage] of Object.entries(damages)) {
  Deno.test(`a database that ${how} is refused as damaged, with the way out`, async () => {
    await inDirectory(async (directory) => {
      await (await openStore({ directory })).close();
      await damage(join(directory, "stint.db"));
      await rejects(openStore({ directory }), (error) => {
        ok(error instanceof DatabaseDamaged, String(error));
        match(
          error.message,
          /stint\.db is damaged: .+\. Restore a copy, or move it away and start once with --accept-data-loss\.$/,
        );
        return true;
      });
    });
  });
}

function edit(path: string, sql: string): Promise<void> {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
  return Promise.resolve();
}

async function inDirectory(test: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "stint-store-" });
  try {
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function start(directory: string, mode: "hold" | "write") {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", PROGRAM, directory, mode],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let reader: ReadableStreamDefaultReader<string> | undefined;
  let text = "";
  /** Reads on; false at the end. */
  const read = async () => {
    reader ??= process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value, done } = await reader.read();
    text += value ?? "";
    return !done;
  };
  const kill = async () => {
    process.kill("SIGKILL");
    while (await read());
    await process.stderr.cancel();
    await process.status;
  };
  return {
    process,
    kill,
    async line(line: string) {
      while (!text.includes(`${line}\n`)) if (!await read()) throw new Error(`it ended without saying ${line}`);
    },
    /** Lets it write for so many milliseconds; returns the last number acknowledged for each key. */
    async killAfter(ms: number): Promise<Map<string, number>> {
      while (new Set(text.match(/^w\d+/gm)).size < 16) await read();
      const timer = setTimeout(() => process.kill("SIGKILL"), ms);
      while (await read());
      clearTimeout(timer);
      await process.stderr.cancel();
      await process.status;
      const lines = text.split("\n").slice(0, -1).filter((line) => line.startsWith("w"));
      return new Map(lines.map((line) => line.split(" ") as [string, string]).map(([key, n]) => [key, Number(n)]));
    },
  };
}
