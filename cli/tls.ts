/** The service's HTTPS: where its certificate comes from, what renews it, and who sends plain HTTP on to it. */

import { hostname } from "node:os";
import { isWildcard } from "../lib/addresses.ts";
import { type Config, ConfigError } from "../lib/config.ts";
import { logOf } from "../lib/log.ts";
import {
  type Certificate,
  CertificateError,
  type CertificateFiles,
  factsOf,
  readCertificate,
} from "../lib/server/certificate.ts";
import { watchCertificate } from "../lib/server/certificate_watch.ts";
import { listen, type Listener } from "../lib/server/listen.ts";
import { redirectToHttps } from "../lib/server/redirect.ts";
import { certificateNames, keepSelfSigned } from "../lib/server/self_signed.ts";

export interface Tls {
  certificate: Certificate;
  /** Lines for whoever started the service. */
  notes: string[];
  /** Hands renewed certificates to the listener, and opens the port that sends on to it, where one was asked for. */
  follow(listener: Listener, isOwnHost: (text: string) => boolean): { notes: string[]; stop(): Promise<void> };
}

/** Undefined where plain HTTP is served. @throws {ConfigError} when there is no certificate to be had. */
export async function openTls(config: Config): Promise<Tls | undefined> {
  if (!config.tls) return undefined;
  const files = config.tls === "self-signed" ? await selfSigned(config) : config.tls;
  const certificate = await read(files);
  const { fingerprint, expires } = factsOf(certificate.cert);
  logOf("server").info("Serving HTTPS", { fingerprint, expires, selfSigned: config.tls === "self-signed" });
  return {
    certificate,
    notes: config.tls === "self-signed"
      ? [`The certificate is self-signed (${files.cert}, until ${expires}); its SHA-256 fingerprint is ${fingerprint}`]
      : [],
    follow: (listener, isOwnHost) => follow(config, files, certificate, listener, isOwnHost),
  };
}

function follow(
  config: Config,
  files: CertificateFiles,
  current: Certificate,
  listener: Listener,
  isOwnHost: (text: string) => boolean,
) {
  const redirect = config.redirectHttp === undefined ? undefined : listen(
    { host: config.host, port: config.redirectHttp },
    redirectToHttps({ port: listener.port, isOwnHost }),
  );
  const unwatch = watchCertificate({
    files,
    current,
    take: (certificate) => listener.renew(certificate),
    hourly: config.tls === "self-signed" ? () => selfSigned(config) : undefined,
  });
  return {
    notes: redirect ? [`Plain HTTP on ${redirect.url} is sent on to it`] : [],
    async stop() {
      await Promise.all([unwatch(), redirect?.shutdown()]);
    },
  };
}

async function selfSigned({ data, host, allowHosts }: Config): Promise<CertificateFiles> {
  try {
    return await keepSelfSigned(data, certificateNames(hostname(), ...isWildcard(host) ? [] : [host], ...allowHosts));
  } catch (error) {
    throw new ConfigError(`--tls-self-signed: ${(error as Error).message}`);
  }
}

async function read(files: CertificateFiles): Promise<Certificate> {
  try {
    return await readCertificate(files);
  } catch (error) {
    if (error instanceof CertificateError) throw new ConfigError(error.message);
    throw error;
  }
}
