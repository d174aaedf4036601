/** One HTTP request and its whole answer. */

export interface CallOptions {
  headers?: Record<string, string>;
  body?: BodyInit;
  /** Sent as JSON, in the place of `body`. */
  json?: unknown;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: Headers;
  bytes: Uint8Array<ArrayBuffer>;
  text: string;
  /** The body as JSON; `T` is what the caller expects it to be. */
  json<T>(): T;
}

/** Asks once; redirects are not followed. */
export async function call(
  url: string,
  method: string,
  path: string,
  { headers = {}, body, json, signal }: CallOptions = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: json === undefined ? headers : { "content-type": "application/json", ...headers },
    body: json === undefined ? body : JSON.stringify(json),
    redirect: "manual",
    signal,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  return { status: response.status, headers: response.headers, bytes, text, json: <T>() => JSON.parse(text) as T };
}
