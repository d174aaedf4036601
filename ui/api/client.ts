/** Calls the API of the server that the page came from; the session's cookie goes along by itself. */

import type { Problem } from "./schema.ts";

/** An answer of 4xx or 5xx, or none at all (status 0). */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(readonly status: number, readonly code: string, detail: string) {
    super(detail);
  }
}

export interface CallOptions {
  query?: URLSearchParams;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answer<T> {
  data: T;
  headers: Headers;
}

const listeners = new Set<() => void>();

/** Calls `listener` whenever the server says that nobody is signed in. */
export function onSignedOut(listener: () => void): void {
  listeners.add(listener);
}

/** To be called when a stream is answered 401. */
export function tellSignedOut(): void {
  for (const listener of listeners) listener();
}

/**
 * @throws {ApiError} with the problem that the server names.
 * @throws {DOMException} `AbortError` when `signal` aborts.
 */
export async function call<T = void>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const response = await send(method, path, options);
  if (!response.ok) throw await problemOf(response, path);
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const data = method === "HEAD" ? undefined : isJson ? await response.json() : await response.text();
  return { data: data as T, headers: response.headers };
}

/** The same, with the answer's body left to the caller. */
export async function send(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const { query, json, headers = {}, signal } = options;
  const text = query?.toString();
  try {
    return await fetch(text ? `${path}?${text}` : path, {
      method,
      headers: json === undefined ? headers : { ...headers, "content-type": "application/json" },
      body: json === undefined ? options.body : JSON.stringify(json),
      signal,
      credentials: "same-origin",
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "unreachable", "The server does not answer. Try again in a moment.");
  }
}

/** What an answer of 4xx or 5xx says. */
export async function problemOf(response: Response, path: string): Promise<ApiError> {
  if (response.status === 401 && path !== "/api/session") tellSignedOut();
  const problem: Partial<Problem> = await response.json().catch(() => ({}));
  const { code = "unknown", detail = `The server answered ${response.status}.` } = problem;
  return new ApiError(response.status, code, detail);
}

/** Where the next page of a list is; undefined on the last. */
export function nextPage(headers: Headers): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(headers.get("link") ?? "")?.[1];
}

/** What to tell a person of a failure. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the caller himself gave up. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
