/** A certificate and its key as they lie in files. */

import { createHash, X509Certificate } from "node:crypto";
import { Buffer } from "node:buffer";

/** PEM texts: the chain, the server's own certificate first, and its private key. */
export interface Certificate {
  cert: string;
  key: string;
}

/** Paths of the two. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

/** What is wrong with a file, in one line for people. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

/** @throws {CertificateError} when one cannot be read or is no such thing. Whether the two belong together shows in use. */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readPem("--tls-cert", files.cert), readPem("--tls-key", files.key)]);
  try {
    new X509Certificate(cert);
  } catch (error) {
    throw new CertificateError(`--tls-cert ${files.cert}: holds no certificate: ${(error as Error).message}`);
  }
  return { cert, key };
}

async function readPem(option: string, path: string): Promise<string> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new CertificateError(`${option} ${path}: cannot be read: ${(error as Error).message}`);
  }
  if (!text.includes("-----BEGIN ")) throw new CertificateError(`${option} ${path}: expected a file in PEM format`);
  return text;
}

/** What people compare a certificate by, and how long it is good for. */
export interface CertificateFacts {
  /** SHA-256 of its DER form, as `openssl x509 -fingerprint -sha256` writes it. */
  fingerprint: string;
  /** RFC 3339. */
  expires: string;
}

/** Of the first certificate in `cert`. @throws when there is none. */
export function factsOf(cert: string): CertificateFacts {
  const base64 = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(cert)?.[1] ?? "";
  const digest = createHash("sha256").update(Buffer.from(base64, "base64")).digest("hex").toUpperCase();
  return {
    fingerprint: digest.match(/../g)!.join(":"),
    expires: new Date(new X509Certificate(cert).validTo).toISOString(),
  };
}
