import { Hono, type MiddlewareHandler } from "hono";
import type { Env } from "../../routes/env.ts";
import { onError } from "../../routes/middleware/errors.ts";
import { around } from "../../routes/middleware/layers.ts";
import { giveId, showId } from "../../routes/middleware/request_id.ts";

/** An application with nothing but ids, problem documents and `middleware`. */
export function appWith(...middleware: MiddlewareHandler<Env>[]): Hono<Env> {
  const app = new Hono<Env>({ strict: false });
  app.use(around(giveId, showId), ...middleware);
  app.onError(onError);
  return app;
}

export interface AskOptions extends RequestInit {
  headers?: Record<string, string>;
  /** The caller's address. */
  from?: string;
  /** The whole URL's beginning. */
  base?: string;
}

/** Sends one request through `app`, as the server would; `Host` is the server's own unless it is given. */
export async function ask(app: Hono<Env>, path: string, options: AskOptions = {}): Promise<Response> {
  const { from = "127.0.0.1", base = "http://127.0.0.1:8080", ...init } = options;
  const headers = { host: "127.0.0.1:8080", ...init.headers };
  const request = new Request(base + path, { ...init, headers });
  return await app.fetch(request, { remoteAddr: { transport: "tcp", hostname: from, port: 50_000 } });
}

/** The stable code of an answer that is a problem document. */
export async function codeOf(response: Response): Promise<string> {
  return (await response.json()).code;
}
