/** Looks at a certificate and its key. */

import { createPrivateKey, createPublicKey, KeyObject, X509Certificate } from "node:crypto";
import { fail, type Finding, ok, reasonOf, warn } from "./finding.ts";

const DAY_MS = 86_400_000;
const SOON_DAYS = 21;

/** `cert`, `key`: paths of PEM files, as `serve` is given them. */
export function checkTls(cert: string | undefined, key: string | undefined): Finding[] {
  if (cert === undefined && key === undefined) return [];
  if (cert === undefined || key === undefined) {
    return [fail("TLS", `--tls-${cert === undefined ? "cert" : "key"} is missing`, "Give both, or none.")];
  }
  const certificate = read(cert, "certificate", (pem) => new X509Certificate(pem));
  const own = read(key, "private key", (pem) => createPublicKey(createPrivateKey(pem)));
  return [
    ...certificate instanceof X509Certificate ? [validity(certificate)] : [certificate],
    ...own instanceof KeyObject ? [privacy(key)] : [own],
    ...certificate instanceof X509Certificate && own instanceof KeyObject ? [match(certificate, own)] : [],
  ];
}

/** What is in a PEM file, or why that is not known. */
function read<T>(path: string, what: string, parse: (pem: string) => T): T | Finding {
  let pem: string;
  try {
    pem = Deno.readTextFileSync(path);
  } catch (error) {
    return fail("TLS", `${path} cannot be read: ${reasonOf(error)}`, "Name a file that is there and may be read.");
  }
  try {
    return parse(pem);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fail("TLS", `there is no ${what} in ${path}`, "It has to be a PEM file, its key without a passphrase.");
  }
}

function validity(certificate: X509Certificate): Finding {
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  const now = Date.now();
  if (now < from) return fail("TLS", `the certificate is valid from ${certificate.validFrom} on`, "Check the clock.");
  if (now > to) return fail("TLS", `the certificate has expired: ${certificate.validTo}`, "Renew it.");
  const days = Math.floor((to - now) / DAY_MS);
  if (days < SOON_DAYS) return warn("TLS", `the certificate expires in ${days} days`, "Renew it.");
  return ok("TLS", `the certificate is valid for another ${days} days`);
}

function match(certificate: X509Certificate, own: KeyObject): Finding {
  const pem = (each: KeyObject) => each.export({ type: "spki", format: "pem" });
  if (pem(certificate.publicKey) === pem(own)) return ok("TLS", "the key is the certificate's");
  return fail("TLS", "the key is not that of the certificate", "Give the key that the certificate was made for.");
}

function privacy(key: string): Finding {
  const { mode } = Deno.statSync(key);
  if (mode === null || (mode & 0o077) === 0) return ok("TLS", "the key is ours alone");
  return warn("TLS", `${key} may be read by others`, `chmod 600 ${key}`);
}
