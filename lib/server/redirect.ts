/** A plain listener that sends everybody on to HTTPS, and serves nothing else. */

import { authorityOf, type Caller, callerOf, parseAuthority } from "../addresses.ts";
import type { Handler } from "../handler.ts";
import { logOf } from "../log.ts";

export interface RedirectOptions {
  /** The port that HTTPS is served on. */
  port: number;
  /** Whether a `Host` field is one of ours; nobody is sent anywhere else. */
  isOwnHost: (text: string) => boolean;
}

/** Names in which credentials come. */
const CREDENTIALS = ["authorization", "cookie"] as const;

/**
 * 308 keeps the method (RFC 9110, section 15.4.9), so that a client that follows it does what it meant to do. What it has
 * sent in plain was readable on its way all the same: a token among that is spoken of in the log, without itself.
 */
export function redirectToHttps({ port, isOwnHost }: RedirectOptions): Handler {
  const log = logOf("http");
  return (request, from) => {
    warnOfCredentials(log, request, from);
    const host = request.headers.get("host") ?? "";
    const inUrl = authorityOf(request.url);
    const authority = parseAuthority(host);
    if (!authority || !isOwnHost(host) || !isOwnHost(inUrl)) return plain(403, "This host is not answered.\n");
    const start = request.url.indexOf("://") + 3 + inUrl.length;
    const target = request.url.slice(start).split("#")[0]!;
    const location = `https://${authority.name}${port === 443 ? "" : `:${port}`}${
      target.startsWith("/") ? "" : "/"
    }${target}`;
    return plain(308, "Only HTTPS is served.\n", { Location: location });
  };
}

function plain(status: number, text: string, more: Record<string, string> = {}): Response {
  return new Response(text, {
    status,
    headers: {
      "Content-Type": "text/plain; charset=utf-8",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      // A body that nobody reads would otherwise keep the connection.
      Connection: "close",
      ...more,
    },
  });
}

function warnOfCredentials(log: ReturnType<typeof logOf>, request: Request, from: Caller): void {
  const sent = CREDENTIALS.find((name) => request.headers.has(name));
  if (!sent) return;
  log.warn(
    "Credentials came over plain HTTP, readable by all on their way: renew them, and have the caller use https",
    {
      field: sent,
      from: callerOf(from.remoteAddr),
    },
  );
}
