/**
 * A disk that refuses: errors are injected into the running program with `strace`, and a small file system really
 * fills up. Needs `strace`, which .ci/run fetches, and for the last test the right to mount.
 */

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { canMount } from "../helpers/can_mount.ts";
import { eventually } from "../helpers/eventually.ts";
import { type Service, startService } from "../helpers/service.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { failing, hasStrace } from "./support/strace.ts";

const STORE_FAILED = 74;

for (
  const { error, status, code } of [
    { error: "EIO", status: 503, code: "storage_failed" },
    { error: "ENOSPC", status: 507, code: "storage_full" },
  ]
) {
  Deno.test({
    name:
      `while writes fail with ${error} they are answered ${status} and change nothing, reads go on, then all is well`,
    ignore: !hasStrace,
    async fn() {
      await using service = await startService();
      await putAll(service, "before");
      const before = await everything(service);
      {
        await using _ = await failing(service.pid, `pwrite64,write:error=${error}`, databaseOf(service));
        for (let i = 0; i < 5; i++) {
          const answer = await service.call("PUT", `/k${i}`, { body: "during" });
          equal(answer.status, status, answer.text);
          equal(answer.json<{ code: string }>().code, code);
          equal((await service.call("GET", `/k${i}`)).text, "before");
        }
        const added = await service.call("PUT", "/new", { body: "during" });
        equal(added.status, status);
        equal((await service.call("GET", "/new")).status, 404);
        deepEqual(await everything(service), before);
      }
      await eventually(
        "writes are taken again",
        async () => (await service.call("PUT", "/k0", { body: "after" })).status === 204,
      );
      await service.kill9();
      await service.start();
      equal((await service.call("GET", "/k0")).text, "after");
      for (let i = 1; i < 5; i++) equal((await service.call("GET", `/k${i}`)).text, "before");
      equal((await service.call("GET", "/new")).status, 404);
    },
  });
}

Deno.test({
  name: "after a failed fsync nothing is acknowledged, the program ends by itself, and comes back whole",
  ignore: !hasStrace,
  async fn() {
    await using service = await startService();
    await putAll(service, "before");
    {
      await using _ = await failing(service.pid, "fsync,fdatasync:error=EIO", databaseOf(service));
      const answers = await Promise.all(
        Array.from(
          { length: 8 },
          (_, i) => service.call("PUT", `/k${i}`, { body: "during" }).then(({ status }) => status, () => "cut"),
        ),
      );
      ok(answers.every((status) => status === 503 || status === "cut"), answers.join());
      equal(await service.exit(), STORE_FAILED);
    }
    const errors = await service.errors();
    ok(errors.some((line) => /can no longer be trusted/.test(JSON.stringify(line))), JSON.stringify(errors));
    await service.start();
    for (let i = 0; i < 8; i++) {
      match((await service.call("GET", `/k${i}`)).text, /^(before|during)$/);
      equal((await service.call("PUT", `/k${i}`, { body: "after" })).status, 204);
    }
  },
});

Deno.test({
  name: "while the journal alone cannot be written the database takes the writes",
  ignore: !hasStrace,
  async fn() {
    await using service = await startService();
    await putAll(service, "before");
    {
      await using _ = await failing(service.pid, "write:error=EIO", [`${service.data}/journal`]);
      for (let i = 0; i < 8; i++) equal((await service.call("PUT", `/k${i}`, { body: "during" })).status, 204);
      await service.kill9();
    }
    await service.start();
    for (let i = 0; i < 8; i++) equal((await service.call("GET", `/k${i}`)).text, "during");
  },
});

Deno.test({
  name: "what was acknowledged while the database alone cannot be written is read, and kept, and no more is taken",
  ignore: !hasStrace,
  async fn() {
    await using service = await startService();
    await putAll(service, "before");
    equal((await service.call("GET", "/api/keys?limit=100")).status, 200);
    const acknowledged = new Map<string, string>();
    {
      const database = [`${service.data}/stint.db`, `${service.data}/stint.db-wal`];
      await using _ = await failing(service.pid, "pwrite64:error=EIO", database);
      await eventually("no more is taken", async () => {
        const value = `${acknowledged.size}`;
        const { status } = await service.call("PUT", `/n${value}`, { body: value });
        if (status === 201) acknowledged.set(`/n${value}`, value);
        return status === 503;
      });
      ok(acknowledged.size > 0);
      for (const [path, value] of acknowledged) equal((await service.call("GET", path)).text, value);
      equal((await service.call("GET", "/api/keys?limit=100")).status, 503, "a list would lack what was acknowledged");
    }
    await service.kill9();
    await service.start();
    for (const [path, value] of acknowledged) equal((await service.call("GET", path)).text, value);
    equal((await service.call("PUT", "/k0", { body: "after" })).status, 204);
  },
});

Deno.test({
  name: "a marker that cannot be written keeps no write from being acknowledged, and the next start is not refused",
  ignore: !hasStrace,
  async fn() {
    await using service = await startService();
    await putAll(service, "before");
    {
      await using _ = await failing(service.pid, "write:error=EIO", [`${service.data}/marker`]);
      equal((await service.call("PUT", "/k0", { body: "during" })).status, 204);
      equal((await service.call("PUT", "/k1", { body: "during" })).status, 204);
      match(service.logs(), /The marker could not be written/);
    }
    await service.kill9();
    await service.start();
    equal((await service.call("GET", "/k1")).text, "during");
  },
});

Deno.test({
  name: "on a file system that fills up writes are 507, reads and deletes go on, and with room again so do writes",
  ignore: !canMount(),
  async fn() {
    await using root = await tempDir();
    ok(run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", root.path));
    try {
      await using service = await startService({ data: `${root.path}/data` });
      const acked = await fill(service, `${root.path}/filler`);
      for (let i = 0; i < 20; i++) {
        equal((await service.call("PUT", `/more${i}`, { body: "x".repeat(1000) })).status, 507);
        equal((await service.call("GET", `/more${i}`)).status, 404);
      }
      const [gone, ...kept] = acked;
      equal((await service.call("GET", `/${gone}`)).status, 200);
      equal((await service.call("DELETE", `/${gone}`)).status, 204, "a delete goes through on a full disk");
      // It also starts on one.
      await service.kill9();
      await service.start();
      equal((await service.call("GET", `/${gone}`)).status, 404);
      for (const key of kept) equal((await service.call("GET", `/${key}`)).status, 200, key);
      for (const key of kept.slice(0, 100)) equal((await service.call("DELETE", `/${key}`)).status, 204);
      await Deno.remove(`${root.path}/filler`);
      await eventually(
        "there is room again",
        async () => (await service.call("PUT", "/after", { body: "x" })).status === 201,
      );
      await service.kill9();
      await service.start();
      equal((await service.call("GET", "/after")).text, "x");
    } finally {
      ok(run("umount", root.path));
    }
  },
});

/** Leaves hardly any room, then writes keys until no more are taken. Returns those that were. */
async function fill(service: Service, filler: string): Promise<string[]> {
  const acked: string[] = [];
  for (let i = 0; i < 200; i++) {
    equal((await service.call("PUT", `/early${i}`, { body: "x".repeat(1000) })).status, 201);
    acked.push(`early${i}`);
  }
  const file = await Deno.open(filler, { write: true, create: true });
  const block = new Uint8Array(65_536);
  for (let full = false; !full;) {
    try {
      await file.write(block);
    } catch {
      full = true;
    }
  }
  file.close();
  for (let i = 0;; i++) {
    const { status } = await service.call("PUT", `/fill${i}`, { body: "x".repeat(1000) });
    if (status === 507) return acked;
    equal(status, 201);
    acked.push(`fill${i}`);
  }
}

async function putAll(service: Service, value: string): Promise<void> {
  for (let i = 0; i < 8; i++) equal((await service.call("PUT", `/k${i}`, { body: value })).status, 201);
}

async function everything(service: Service): Promise<unknown> {
  return (await service.call("GET", "/api/keys?limit=100")).json();
}

/** Everything that a write has to reach one of. */
function databaseOf(service: Service): string[] {
  return [`${service.data}/stint.db`, `${service.data}/stint.db-wal`, `${service.data}/journal`];
}

function run(command: string, ...args: string[]): boolean {
  return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success;
}
