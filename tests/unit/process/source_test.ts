import assert from "node:assert/strict";
import { Confinement } from "../../../lib/process/confinement/confinement.ts";
import { runSource } from "../../../lib/process/source.ts";

const USER = { name: "nobody", uid: 65534, gid: 65534, home: "/" };

Deno.test("the values of a job's variables are arguments of no program, however it is confined", () => {
  const spec = { argv: ["true"], grace: 5, priority: 0, env: { KEY: "s3cret", LC_ALL: "C" } };
  for (
    const options of [{}, { user: USER }, { sandbox: true }, { user: USER, sandbox: true }, { limits: { files: 9 } }]
  ) {
    const place = { stem: "/d/1", record: "run", at: 0, base: { PATH: "/bin" }, umask: "022" };
    const confinement = new Confinement(options);
    const source = runSource({ jobId: 1, cookie: "c", spec }, { ...place, confinement });
    // What comes before that is read by the shell alone, from its standard input.
    const first = source.search(/"\$stint_(env|setsid|leader)"/);
    assert.ok(source.slice(0, first).includes("KEY=s3cret"), source);
    assert.ok(!source.slice(first).includes("s3cret"), `${JSON.stringify(options)}: ${source}`);
  }
});
