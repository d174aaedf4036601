/** Looks after the files of a certificate, and hands on what they are renewed by. */

import { logOf } from "../log.ts";
import { type Certificate, type CertificateFiles, factsOf, readCertificate } from "./certificate.ts";

export interface CertificateWatchOptions {
  files: CertificateFiles;
  /** What is in use. */
  current: Certificate;
  /** Puts another one into use. @throws when it cannot be used; the one before it stays in use then. */
  take: (certificate: Certificate) => void;
  /** Called once an hour, before a look. */
  hourly?: () => Promise<unknown>;
  /** Milliseconds between two looks. */
  every?: number;
}

const HOUR = 3_600_000;

/**
 * The files are read again and again, which notices a change however it was made: in place, by a rename, by another end
 * of a symbolic link. They are seldom changed at one stroke, so one look that finds them not fit for use is no news yet;
 * a second one that finds the same is, and a warning says so once.
 *
 * @returns stops it; resolves when no look is under way any more.
 */
export function watchCertificate(options: CertificateWatchOptions): () => Promise<void> {
  const { files, take, hourly, every = 2_000 } = options;
  const log = logOf("server");
  let { current } = options;
  let failed = "";
  let warned = "";
  let lastHour = performance.now();
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking: Promise<void> = Promise.resolve();

  const look = async () => {
    if (hourly && performance.now() - lastHour >= HOUR) {
      lastHour = performance.now();
      await hourly();
    }
    const found = await readCertificate(files);
    if (found.cert === current.cert && found.key === current.key) return;
    take(found);
    current = found;
    log.info("Took up the renewed certificate", { ...factsOf(found.cert) });
  };
  const report = (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason === failed && reason !== warned) {
      warned = reason;
      log.warn("The certificate's files cannot be used; the one before them stays in use", { reason });
    }
    failed = reason;
  };
  const arm = () => {
    timer = setTimeout(() => {
      looking = look().then(() => void (failed = warned = ""), report).then(() => stopped ? undefined : arm());
    }, every);
  };
  arm();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await looking;
  };
}
