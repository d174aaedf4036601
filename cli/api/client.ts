/** Speaks to a server: addresses, tokens, certificates, errors. */

import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { eventsOf, type ServerEvent } from "./events.ts";
import { movedError, refusalOf } from "./problem.ts";
import { Unreachable } from "./unreachable.ts";

export { Unreachable };

/** Where the server is and what is shown to it. */
export interface Server {
  /** Without a slash at its end. */
  url: string;
  token?: string;
  /** A certificate authority to trust besides the usual ones: PEM. */
  caCert?: string;
}

export interface Request {
  query?: URLSearchParams;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  body?: BodyInit;
  signal?: AbortSignal;
  /** Statuses beside the successes that are no errors. */
  allow?: readonly number[];
  /** Milliseconds within which the answer has to begin; the usual ones unless a body is streamed. */
  limit?: number;
}

/** Milliseconds that an answer may take to begin. */
const LIMIT = 30_000;
/** Bytes a millisecond that a request's body is sent with at least. */
const SLOWEST = 10;
const MOVED = [301, 302, 307, 308];

export class Client implements Disposable {
  readonly #http: Deno.HttpClient | undefined;

  constructor(readonly server: Server) {
    this.#http = server.caCert === undefined ? undefined : Deno.createHttpClient({ caCerts: [server.caCert] });
  }

  /** Connections that are open are closed. A program that ends need not care. */
  [Symbol.dispose](): void {
    this.#http?.close();
  }

  /**
   * Sends a request. A redirect to another address is an error: nothing has been done then.
   * @throws {Unreachable} @throws {Refusal} for a status of 400 and above, unless it is allowed.
   */
  async request(
    method: string,
    path: string,
    { query, headers, json, body, signal, allow, limit }: Request = {},
  ): Promise<Response> {
    const search = query && query.size > 0 ? `?${query}` : "";
    const text = json === undefined ? undefined : JSON.stringify(json);
    const init: RequestInit & { client?: Deno.HttpClient } = {
      method,
      headers: {
        ...(this.server.token !== undefined && { authorization: `Bearer ${this.server.token}` }),
        ...(text !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: text ?? body,
      redirect: "manual",
      signal,
      ...(this.#http && { client: this.#http }),
    };
    const patience = limit ?? (body instanceof ReadableStream ? Infinity : LIMIT + (text?.length ?? 0) / SLOWEST);
    const response = await this.#fetch(`${this.server.url}${path}${search}`, init, patience);
    if (MOVED.includes(response.status)) throw movedError(this.server.url, response);
    if (response.status < 400 || allow?.includes(response.status)) return response;
    // Without a body there is nothing that says why.
    if (method === "HEAD") {
      return await this.request("GET", path, { query, headers: { ...headers, range: "bytes=0-0" }, signal, limit });
    }
    throw await refusalOf(response);
  }

  /** The JSON of an answer. */
  async json<T>(method: string, path: string, request?: Request): Promise<T> {
    return await this.read<T>(await this.request(method, path, request));
  }

  /** The JSON of an answer that is there already. */
  async read<T>(response: Response): Promise<T> {
    return await this.#reading(response, () => response.json());
  }

  /** The bytes of an answer. */
  async bytes(path: string, request?: Request): Promise<Uint8Array<ArrayBuffer>> {
    return await this.readBytes(await this.request("GET", path, request));
  }

  /** The bytes of an answer that is there already. */
  async readBytes(response: Response): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#reading(response, () => response.bytes());
  }

  /** The bytes of an answer as they arrive. A body that breaks off is a lost connection. */
  async *pieces({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reader = body?.getReader();
    try {
      while (reader) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw new Unreachable(this.server.url, error);
        });
        if (done) return;
        yield value;
      }
    } finally {
      reader?.cancel().catch(() => undefined);
    }
  }

  /** The events of a stream, from after `lastId` on. Ends where the connection ends. */
  async *events(path: string, request: Request & { lastId?: string } = {}): AsyncGenerator<ServerEvent> {
    const { lastId, ...others } = request;
    const headers = { ...others.headers, ...(lastId !== undefined && { "last-event-id": lastId }) };
    const response = await this.request("GET", path, { ...others, headers });
    if (response.status === 204 || !response.body) return;
    try {
      yield* eventsOf(response.body);
    } catch (error) {
      if (others.signal?.aborted || error instanceof CliError) throw error;
      throw new Unreachable(this.server.url, error);
    }
  }

  async #fetch(url: string, init: RequestInit, limit: number): Promise<Response> {
    const late = new AbortController();
    const timer = limit === Infinity ? undefined : setTimeout(() => late.abort(), limit);
    const signals = [late.signal, ...init.signal ? [init.signal] : []];
    try {
      return await fetch(url, { ...init, signal: AbortSignal.any(signals) });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      if (late.signal.aborted) {
        throw new Unreachable(this.server.url, new Error(`no answer within ${Math.round(limit / 1000)} s`));
      }
      if (!(error instanceof TypeError)) throw error;
      throw new Unreachable(this.server.url, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #reading<T>(response: Response, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof SyntaxError) {
        throw new CliError(
          `${response.url} answers something that is no JSON`,
          EXIT.failed,
          "Is that a Stint server? Check --server.",
        );
      }
      throw new Unreachable(this.server.url, error);
    }
  }
}
