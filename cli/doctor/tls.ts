/** Looks at a certificate and its key. */

import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { fail, type Finding, ok, warn } from "./finding.ts";

const DAY_MS = 86_400_000;
const SOON_DAYS = 21;

/** `cert`, `key`: paths of PEM files, as `serve` is given them. */
export function checkTls(cert: string | undefined, key: string | undefined): Finding[] {
  if (cert === undefined && key === undefined) return [];
  if (cert === undefined || key === undefined) {
    return [fail("TLS", `--tls-${cert === undefined ? "cert" : "key"} is missing`, "Give both, or none.")];
  }
  try {
    const certificate = new X509Certificate(Deno.readTextFileSync(cert));
    return [validity(certificate), match(certificate, key), privacy(key)];
  } catch (error) {
    return [fail("TLS", `${cert} or ${key} cannot be read: ${(error as Error).message}`, "Both have to be PEM files.")];
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

function match(certificate: X509Certificate, key: string): Finding {
  const pem = (each: KeyObject) => each.export({ type: "spki", format: "pem" });
  const own = createPublicKey(createPrivateKey(Deno.readTextFileSync(key)));
  if (pem(certificate.publicKey) === pem(own)) return ok("TLS", "the key is the certificate's");
  return fail("TLS", "the key is not that of the certificate", "Give the key that the certificate was made for.");
}

function privacy(key: string): Finding {
  const { mode } = Deno.statSync(key);
  if (mode === null || (mode & 0o077) === 0) return ok("TLS", "the key is ours alone");
  return warn("TLS", `${key} may be read by others`, `chmod 600 ${key}`);
}
