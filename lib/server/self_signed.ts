/**
 * A certificate for trying out: signed by nobody but itself, so that browsers warn of it and clients have to be given it
 * (`curl --cacert DIRECTORY/tls/cert.pem`). It is kept, so that who has once looked at its fingerprint can go by that.
 */

import { isIP } from "node:net";
import type { CertificateFiles } from "./certificate.ts";

/** Days that it is good for: the longest that browsers take one for (CA/Browser Forum, ballot SC31). */
const GOOD_FOR = 398;
/** Days before its end from which on a new one is made. */
const RENEW_BEFORE = 30;
const DAY = 86_400_000;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * Makes sure that `data/tls/` holds one for these names and addresses: the one that is there, unless it is about to
 * expire, names others or cannot be read.
 * @throws when nothing can be written there.
 */
export async function keepSelfSigned(data: string, names: string[], now = Date.now()): Promise<CertificateFiles> {
  const directory = `${data}/tls`;
  const files = { cert: `${directory}/cert.pem`, key: `${directory}/key.pem` };
  if (await isGood(files, names, now)) return files;
  await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
  const { cert, key } = await make(names, now);
  // The key first: a certificate without its key is of no use to anybody, and is made anew.
  await replace(files.key, key);
  await replace(files.cert, cert);
  return files;
}

/** The names of this machine that a certificate can carry, each once. */
export function certificateNames(...names: string[]): string[] {
  const usable = names.map((name) => name.toLowerCase().replace(/^\[(.*)\]$/, "$1"))
    .filter((name) => isIP(name) !== 0 || /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/.test(name));
  return [...new Set(["localhost", "127.0.0.1", "::1", ...usable])];
}

async function isGood(files: CertificateFiles, names: string[], now: number): Promise<boolean> {
  const { SubjectAlternativeNameExtension, X509Certificate } = await library();
  try {
    const certificate = new X509Certificate(await Deno.readTextFile(files.cert));
    await Deno.stat(files.key);
    const named = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
    return certificate.notAfter.getTime() - now > RENEW_BEFORE * DAY &&
      certificate.notBefore.getTime() <= now &&
      sorted(named.map(({ value }) => plain(value))) === sorted(names.map(plain));
  } catch (error) {
    // Not there, or not what it should be: another one takes its place.
    if (error instanceof Error) return false;
    throw error;
  }
}

function sorted(names: string[]): string {
  return names.sort().join(" ");
}

/** IPv6 addresses have many spellings. */
function plain(name: string): string {
  return isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name;
}

async function make(names: string[], now: number): Promise<{ cert: string; key: string }> {
  const x509 = await library();
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: "CN=Stint (self-signed)",
    // Clocks of other machines may be behind.
    notBefore: new Date(now - 3_600_000),
    notAfter: new Date(now + GOOD_FOR * DAY - 3_600_000),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? "ip" as const : "dns" as const, value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    cert: `${certificate.toString("pem")}\n`,
    key: `${x509.PemConverter.encode(key, "PRIVATE KEY")}\n`,
  };
}

/** Positive, 127 random bits (RFC 5280, section 4.1.2.2, has at most 20 octets). */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whole or not at all. */
async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await Deno.writeTextFile(draft, text, { mode: 0o600 });
  await Deno.chmod(draft, 0o600);
  await Deno.rename(draft, path);
}

/** Takes a fifth of a second to load: only who asks for a certificate waits for it. */
async function library() {
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}
