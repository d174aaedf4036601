/** No server answers: why, and what to do about it. */

import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";

/** No server answers, or it stopped in the middle of its answer. */
export class Unreachable extends CliError {
  constructor(readonly url: string, cause: unknown) {
    const { reason, hint } = explained(url, wordsOf(cause));
    super(`No server answers at ${url}: ${reason}`, EXIT.unreachable, hint);
    this.cause = cause;
  }
}

/** What the runtime says of it; newer releases say it in the error's cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

interface Explanation {
  reason: string;
  hint: string;
}

function explained(url: string, words: string): Explanation {
  const start = `Start one with \`stint serve\`, or say where it is: --server URL, STINT_SERVER. Now it is ${url}.`;
  const known: [RegExp, string, string][] = [
    [/refused/i, "connection refused", start],
    [/dns error|failed to lookup address/i, "there is no host of that name", start],
    [
      /certificate.*expired|CertExpired/i,
      "its certificate has expired",
      "It has to be renewed there; `stint doctor --tls-cert FILE --tls-key FILE` looks at one. See also this clock.",
    ],
    [
      /NotValidForName|not valid for name/i,
      "its certificate is for another name",
      "Call it by the name that its certificate has.",
    ],
    [
      /certificate|UnknownIssuer/i,
      `its certificate is not trusted (${words.split(": ").at(-1)})`,
      "Trust its authority with --ca-cert FILE (STINT_CA_CERT).",
    ],
    [
      /InvalidContentType|corrupt message|tls handshake/i,
      "what is there does not speak TLS",
      `Try ${url.replace("https:", "http:")}, or another port.`,
    ],
    [
      /invalid HTTP|parsed|connection closed before message completed|IncompleteMessage/i,
      "it breaks off, or does not speak HTTP",
      url.startsWith("http:") ? `Is it an https: address, or another port? Now it is ${url}.` : start,
    ],
    [
      /timed out|no answer within/i,
      words.replace(/^.*: /, ""),
      "Is the address right, and does a firewall let it pass?",
    ],
  ];
  const match = known.find(([pattern]) => pattern.test(words));
  if (match) return { reason: match[1], hint: match[2] };
  const reason = words.replace(/^error sending request for url \([^)]*\): /, "").replace(/^client error \(\w+\): /, "");
  return { reason, hint: start };
}
