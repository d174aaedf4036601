import assert from "node:assert/strict";
import { Client } from "../../../cli/api/client.ts";
import { checkDataDirectory } from "../../../cli/doctor/data_directory.ts";
import type { Finding } from "../../../cli/doctor/finding.ts";
import { checkServer } from "../../../cli/doctor/server.ts";
import { checkTls } from "../../../cli/doctor/tls.ts";
import { shell } from "../../helpers/shell.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const said = (findings: Finding[]) => findings.map(({ level, about, text }) => `${level} ${about}: ${text}`).join("\n");

/** Every finding that is not well says what to do. */
function advised(findings: Finding[]): void {
  for (const { level, about, todo } of findings) assert.ok(level === "ok" || todo, about);
}

/** `openssl` in `cwd`: a key and a certificate for localhost that is valid for so many days; fewer than none: was. */
async function certify(cwd: string, name: string, days: number): Promise<void> {
  const { code, stderr } = await shell(
    `openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout ${name}.key ` +
      `-out ${name}.csr && printf 'subjectAltName=DNS:localhost\\nbasicConstraints=critical,CA:FALSE\\n' > ${name}.ext && ` +
      `openssl x509 -req -in ${name}.csr -signkey ${name}.key -days ${days} -extfile ${name}.ext -out ${name}.pem && ` +
      `chmod 600 ${name}.key`,
    { cwd },
  );
  assert.equal(code, 0, stderr);
}

Deno.test("doctor tells a certificate that is well from one that has expired or soon will, and finds whose the key is", async () => {
  await using directory = await tempDir();
  const at = (name: string) => `${directory.path}/${name}`;
  for (const [name, days] of [["good", 90], ["soon", 3], ["over", -1]] as const) {
    await certify(directory.path, name, days);
  }
  const check = (cert: string, key: string) => {
    const findings = checkTls(at(cert), at(key));
    advised(findings);
    return said(findings);
  };
  assert.match(
    check("good.pem", "good.key"),
    /^ok TLS: the certificate is valid for another 8\d days\nok .*ours alone\nok .*key is/,
  );
  assert.match(check("soon.pem", "soon.key"), /warn TLS: the certificate expires in \d days/);
  assert.match(check("over.pem", "over.key"), /fail TLS: the certificate has expired/);
  assert.match(check("good.pem", "soon.key"), /fail TLS: the key is not that of the certificate/);
  assert.match(check("good.key", "good.key"), /fail TLS: there is no certificate in .*good\.key/);
  assert.match(check("good.pem", "good.pem"), /fail TLS: there is no private key in .*good\.pem/);
  assert.match(check("none.pem", "good.key"), /fail TLS: .*none\.pem cannot be read: No such file or directory\nok/);
  await Deno.chmod(at("good.key"), 0o644);
  assert.match(check("good.pem", "good.key"), /warn TLS: .*good\.key may be read by others/);
});

Deno.test("a server whose certificate has expired is said to have that trouble, and no other", async () => {
  await using directory = await tempDir();
  await certify(directory.path, "over", -1);
  const [cert, key] = await Promise.all(
    ["pem", "key"].map((end) => Deno.readTextFile(`${directory.path}/over.${end}`)),
  );
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, cert: cert!, key: key! };
  const server = Deno.serve(options, () => new Response());
  try {
    using client = new Client({ url: `https://localhost:${server.addr.port}`, caCert: cert! });
    const findings = await checkServer(client);
    advised(findings);
    assert.match(said(findings), /^fail server: .*its certificate has expired$/);
  } finally {
    await server.shutdown();
  }
});

Deno.test("doctor says of a data directory what keeps a server from starting on it, and what others may read in it", async () => {
  await using directory = await tempDir();
  const data = `${directory.path}/data`;
  const check = () => {
    const findings = checkDataDirectory(data);
    advised(findings);
    return said(findings);
  };
  assert.match(check(), /^ok data directory: .* is not there yet/);
  await Deno.mkdir(data, { mode: 0o700 });
  assert.match(check(), /^ok .*ours alone\nok .*written to\n(ok|warn|fail) disk: .* free$/);
  await Deno.writeTextFile(`${data}/stint.db`, "", { mode: 0o600 });
  await Deno.chmod(`${data}/stint.db`, 0o644);
  assert.match(check(), /warn data directory: open to others: .*stint\.db/);
  await Deno.chmod(data, 0o755);
  assert.match(check(), /^fail data directory: .*mode 0755\), and no server starts on it/);
  const now = new Date().toISOString();
  await Deno.writeTextFile(`${data}/error.log`, `{"time":"${now}"}\n{"time":"2020-01-01T00:00:00Z"}\n`);
  assert.match(check(), /warn error\.log: 1 errors within a day/);
});

Deno.test("doctor says what is wrong with a server: its release, its clock, the token, that it stops", async () => {
  const answers: Record<string, () => Response> = {
    "/-/healthy": () => new Response("", { headers: { date: new Date(Date.now() - 60_000).toUTCString() } }),
    "/-/ready": () => Response.json({ code: "shutting_down" }, { status: 503 }),
    "/openapi.json": () => Response.json({ info: { version: "99.0.0" } }),
    "/api/session": () => Response.json({ code: "unauthorized", detail: "No." }, { status: 401 }),
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    return answers[new URL(request.url).pathname]?.() ?? new Response(null, { status: 404 });
  });
  try {
    const findings = await checkServer(new Client({ url: `http://127.0.0.1:${server.addr.port}`, token: "bad" }));
    advised(findings);
    const text = said(findings);
    assert.match(text, /^ok server: /m);
    assert.match(text, /^warn clock: the server's is (59|6\d) s behind$/m);
    assert.match(text, /^warn server: it is stopping$/m);
    assert.match(text, /^warn release: the server is 99\.0\.0, this is \d+\.\d+\.\d+$/m);
    assert.match(text, /^fail token: No\.$/m);
  } finally {
    await server.shutdown();
  }
});
