/** Speaks to a server: addresses, tokens, certificates, errors. */

import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { eventsOf, type ServerEvent } from "./events.ts";
import { refusalOf } from "./problem.ts";

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
}

/** No server answers, or it stopped in the middle of its answer. */
export class Unreachable extends CliError {
  constructor(readonly url: string, cause: unknown) {
    super(`No server answers at ${url}: ${reasonOf(cause)}`, EXIT.unreachable, hintFor(url, cause));
    this.cause = cause;
  }
}

export class Client {
  readonly #http: Deno.HttpClient | undefined;

  constructor(readonly server: Server) {
    this.#http = server.caCert === undefined ? undefined : Deno.createHttpClient({ caCerts: [server.caCert] });
  }

  /**
   * Sends a request; redirects are answers.
   * @throws {Unreachable} @throws {Refusal} for a status of 400 and above, unless it is allowed.
   */
  async request(
    method: string,
    path: string,
    { query, headers, json, body, signal, allow }: Request = {},
  ): Promise<Response> {
    const search = query && query.size > 0 ? `?${query}` : "";
    const init: RequestInit & { client?: Deno.HttpClient } = {
      method,
      headers: {
        ...(this.server.token !== undefined && { authorization: `Bearer ${this.server.token}` }),
        ...(json !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: json === undefined ? body : JSON.stringify(json),
      redirect: "manual",
      signal,
      ...(this.#http && { client: this.#http }),
    };
    const response = await this.#fetch(`${this.server.url}${path}${search}`, init);
    if (response.status < 400 || allow?.includes(response.status)) return response;
    throw await refusalOf(response);
  }

  /** The JSON of an answer. */
  async json<T>(method: string, path: string, request?: Request): Promise<T> {
    const response = await this.request(method, path, request);
    return await this.#reading(response, () => response.json());
  }

  /** The bytes of an answer. */
  async bytes(path: string, request?: Request): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.request("GET", path, request);
    return await this.#reading(response, () => response.bytes());
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

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      if (init.signal?.aborted || !(error instanceof TypeError)) throw error;
      throw new Unreachable(this.server.url, error);
    }
  }

  async #reading<T>(response: Response, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof SyntaxError) {
        throw new CliError(
          `${response.url} answers something that is no JSON.`,
          EXIT.failed,
          "Is that a Stint server? Check --server.",
        );
      }
      throw new Unreachable(this.server.url, error);
    }
  }
}

/** What the runtime says of it; newer releases say it in the error's cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

const UNTRUSTED = /certificate|UnknownIssuer/i;

function reasonOf(cause: unknown): string {
  const words = wordsOf(cause);
  if (/refused/i.test(words)) return "connection refused";
  if (UNTRUSTED.test(words)) return `its certificate is not trusted (${words.split(": ").at(-1)})`;
  if (/dns error/i.test(words)) return "there is no host of that name";
  return words.replace(/^error sending request for url \([^)]*\): /, "").replace(/^client error \(\w+\): /, "");
}

function hintFor(url: string, cause: unknown): string {
  if (UNTRUSTED.test(wordsOf(cause))) return "Trust its authority with --ca-cert FILE (STINT_CA_CERT).";
  return `Start one with \`stint serve\`, or say where it is: --server URL, STINT_SERVER. Now it is ${url}.`;
}
