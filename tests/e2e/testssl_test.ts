/** What `testssl.sh`, an auditor of TLS that many trust, says of the service. */

import assert from "node:assert/strict";
import { Authority } from "../helpers/certificates.ts";
import { startService } from "../helpers/service.ts";
import { isInstalled, shell } from "../helpers/shell.ts";
import { tempDir } from "../helpers/temp_dir.ts";

interface Finding {
  id: string;
  severity: string;
  finding: string;
}

/** Levels that are nothing to worry about; above them are MEDIUM, HIGH, CRITICAL, and WARN for what could not be tried. */
const FINE = ["OK", "INFO", "LOW", "DEBUG"];

/** What is known and is no fault of the service, each with the reason. */
const KNOWN: Record<string, string> = {
  cert_revocation: "The authority of this test has no list of revoked certificates.",
  cipher_order:
    "The runtime leaves the choice to the client (RFC 8446, section 4.1.1, allows it). All that can be chosen is " +
    "authenticated encryption with forward secrecy, which other findings say.",
};

/** What has to be among the findings: a run that tried little would find little. */
const EXPECTED: [id: RegExp, finding: RegExp][] = [
  [/^SSLv3$/, /not offered/],
  [/^TLS1$/, /not offered/],
  [/^TLS1_1$/, /not offered/],
  [/^TLS1_2$/, /^offered/],
  [/^TLS1_3$/, /^offered/],
  [/^ALPN_HTTP2$/, /^h2$/],
  // Renamed from one release to the next.
  [/^P?FS$/, /offered/],
  [/^cipherlist_STRONG/, /^offered/],
  [/^cipherlist_LOW$/, /not offered/],
  [/^cert_chain_of_trust$/, /passed/],
  [/^HSTS_time$/, /31536000/],
  [/^heartbleed$/, /not vulnerable/],
  [/^ROBOT$/, /not vulnerable/],
  [/^LUCKY13$/, /not vulnerable/],
];

Deno.test({
  name: "testssl.sh finds nothing above LOW, and tries what it has to",
  ignore: !isInstalled("testssl") || !isInstalled("openssl"),
  async fn() {
    await using directory = await tempDir();
    const authority = await Authority.make(directory.path);
    await authority.issue("one");
    const [cert, key] = ["pem", "key"].map((ending) => `${directory.path}/one.${ending}`);
    await using service = await startService({ args: ["--tls-cert", cert!, "--tls-key", key!] });
    const audit = async (attempt: number) => {
      const report = `${directory.path}/report-${attempt}.json`;
      const { stdout, stderr } = await shell(
        `testssl --warnings batch --color 0 --quiet --add-ca '${authority.path}' --ip 127.0.0.1 --jsonfile '${report}' ` +
          `https://localhost:${service.port}`,
        { cwd: directory.path },
      );
      const findings = JSON.parse(await Deno.readTextFile(report)) as Finding[];
      const bad = findings.filter(({ id, severity }) => !FINE.includes(severity) && !(id in KNOWN));
      return { findings, bad, printed: stdout + stderr };
    };
    let { findings, bad, printed } = await audit(1);
    // On a busy machine one of its own connections may come to nothing, of which it warns: that says nothing of us.
    for (let attempt = 2; attempt <= 5 && bad.length > 0 && bad.every(isUntried); attempt++) {
      const next = await audit(attempt);
      // What was tried once is known.
      const untried = new Set(bad.map(({ id }) => id));
      bad = next.bad.filter((each) => !isUntried(each) || untried.has(each.id));
      ({ findings, printed } = next);
    }
    const text = (id: RegExp) => findings.filter((each) => id.test(each.id)).map(({ finding }) => finding).join("; ");
    for (const [id, expected] of EXPECTED) {
      assert.match(text(id), expected, `${id}\n${printed}`);
    }
    assert.deepEqual(bad, []);
  },
});

/** It could not be tried. */
function isUntried({ severity, finding }: Finding): boolean {
  return severity === "WARN" && /connect problem/.test(finding);
}
