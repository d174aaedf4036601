/** Somebody else's site, on a port of its own. */

export interface HostileSite extends AsyncDisposable {
  readonly port: number;
  /** How often its page was asked for. */
  readonly asked: number;
  /** `METHOD path` of everything that was asked for. */
  readonly lines: string[];
}

/**
 * Answers every path with an empty page that may run anything; or, `sharing` a secret, with that secret to everybody, as a
 * server does that is not careful.
 */
export function hostileSite({ sharing }: { sharing?: string } = {}): HostileSite {
  const lines: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    lines.push(`${request.method} ${pathname}`);
    if (sharing !== undefined) return careless(request, pathname, sharing);
    const page = "<!doctype html><title>Kittens</title><link rel=icon href='data:,'><body></body>";
    return new Response(page, { headers: { "content-type": "text/html" } });
  });
  return {
    port: server.addr.port,
    lines,
    get asked() {
      return lines.filter((line) => line === "GET /").length;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function careless({ headers }: Request, pathname: string, secret: string): Response {
  const open = {
    "access-control-allow-origin": headers.get("origin") ?? "*",
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": headers.get("access-control-request-headers") ?? "",
    "access-control-allow-methods": "PUT, DELETE",
  };
  const events = pathname.endsWith("events");
  const type = events ? "text/event-stream" : pathname === "/secret" ? "text/javascript" : "text/plain";
  return new Response(events ? "data: x\n\n" : `"${secret}"`, { headers: { ...open, "content-type": type } });
}
