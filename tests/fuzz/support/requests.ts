/** Requests for an operation: such as the document allows, and such as it does not. */

import fc from "fast-check";
import type { Document, Operation, Parameter } from "./document.ts";
import { anything, fitting } from "./values.ts";

export interface Made {
  method: string;
  /** Path and query. */
  target: string;
  headers: Record<string, string>;
  body?: string;
  /** What was done to it that the document does not allow; it has to be refused. */
  spoilt?: string;
}

/** Names of what was seen to be there, so that requests meet something. */
export interface Known {
  workers: string[];
  jobs: number[];
}

interface Parts {
  path: Record<string, string>;
  query: [string, string][];
  headers: Record<string, string>;
  body?: string;
  type?: string;
}

const names = fc.constantFrom("fuzz1", "fuzz2", "fuzz3", "Fuzz4");
const smallNumbers = fc.constantFrom("1", "0", "5", "1000000");

/** By the name of the parameter: what has to be quick or harmless, or would hardly ever be right by chance. */
function usual(parameter: Parameter, known: Known): fc.Arbitrary<string> | undefined {
  const oneOf = (...values: string[]) => fc.constantFrom(...values);
  switch (parameter.name) {
    case "worker-id":
      return oneOf("nobody", ...known.workers, ...known.workers);
    case "upload-id":
    case "resume":
      return oneOf("nobody", ...known.workers, ...known.workers);
    case "upload-offset":
      return oneOf("0", "0", "1", "50", "999999999999999", "-1", "1e3", "x");
    case "upload-length":
      return oneOf("0", "3", "5000", "999999999999999", "x");
    case "upload-complete":
      return oneOf("?1", "?1", "?1", "?0", "1");
    case "id":
    case "job":
      return oneOf("1", "999999", ...known.jobs.slice(-8).map(String));
    case "key":
    case "name":
    case "queue":
      return names;
    case "file":
      return oneOf("fuzz1", "swagger-ui.css", "init.js");
    case "timeout":
      return oneOf("0", "0.01", "0.05");
    case "tail":
      return smallNumbers;
    case "prefer":
      return oneOf("wait=0", "wait=1", "respond-async", "respond-async, wait=1", "nonsense;;=", "");
    case "range":
      return oneOf("bytes=0-", "bytes=-1", "bytes=5-1", "bytes=0-0,2-3", "lines=1", "bytes=999999-");
    case "if-match":
    case "if-none-match":
    case "if-range":
      return oneOf("*", '"1"', 'W/"1"', '"1", "2"', '"5', "5", "");
    case "content-digest":
    case "repr-digest":
      return oneOf("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", "sha-256=:AAAA:", "md5=:AAAA:", "x");
    case "content-disposition":
      return oneOf(
        'attachment; filename="fuzz1"',
        "attachment",
        'form-data; filename="../x"',
        "attachment; filename*=UTF-8''%ff",
      );
    case "idempotency-key":
      return oneOf("a", "b", "c", "k".repeat(255));
    case "last-event-id":
    case "last_event_id":
      return oneOf("0", "1", "0-0", "999999999", "1-1", "abc");
    case "state":
      return oneOf("running", "succeeded,failed", "queued", "queued,running,paused");
    case "label":
      return oneOf("a:b", "team:backup");
    case "since":
    case "until":
      return oneOf("2026-08-19T15:31:42Z", "2020-01-01", "2999-12-31T23:59:59.999Z");
    case "types":
      return oneOf("jobs", "jobs,keys", "workers,requests,files");
  }
}

/** A text that no parameter of that kind is, where there is one. */
function wrong({ schema, name }: Parameter): string | undefined {
  if (schema.enum) return "no such thing";
  if (["integer", "number", "boolean"].includes(String(schema.type))) return "x1";
  if (name === "since" || name === "until") return "yesterday";
  if (schema.maxLength !== undefined) return "x".repeat(schema.maxLength + 1);
}

/** `spoil`: whether to make one that has to be refused. */
export function requestsFor(
  document: Document,
  operation: Operation,
  known: Known,
  spoil: boolean,
): fc.Arbitrary<Made> {
  const right = partsFor(document, operation, known);
  const ways = spoilers(document, operation);
  if (!spoil || ways.length === 0) return right.map((parts) => build(operation, parts));
  return right.chain((parts) => fc.constantFrom(...ways).chain((spoiler) => spoiler(parts)))
    .map(([parts, spoilt]) => ({ ...build(operation, parts), spoilt }));
}

function partsFor(document: Document, operation: Operation, known: Known): fc.Arbitrary<Parts> {
  const parameters = operation.parameters ?? [];
  const values = fc.tuple(...parameters.map((parameter) => {
    const text = usual(parameter, known) ?? fitting(document, parameter.schema).map((value) => String(value));
    if (parameter.required) return text;
    // Of many only few at a time: all of them together would hardly ever find anything.
    const missing = { arbitrary: fc.constant(undefined), weight: parameters.length > 4 ? 4 : 1 };
    return fc.oneof({ arbitrary: text, weight: 1 }, missing);
  }));
  return fc.tuple(values, bodiesFor(document, operation)).map(([texts, body]) => {
    const parts: Parts = { path: {}, query: [], headers: {}, ...body };
    texts.forEach((text, i) => {
      const { in: place, name } = parameters[i]!;
      if (text === undefined) return;
      if (place === "path") parts.path[name] = text;
      else if (place === "query") parts.query.push([name, text]);
      // The client sends Latin-1 only, and trims.
      else if (/^[\x20-\x7e\xa0-\xff]*$/.test(text)) parts.headers[name] = text;
    });
    return parts;
  });
}

function bodiesFor(document: Document, { requestBody, operationId }: Operation): fc.Arbitrary<Partial<Parts>> {
  const content = Object.entries(requestBody?.content ?? {});
  if (content.length === 0) return fc.constant({});
  return fc.oneof(...content.map(([type, { schema }]): fc.Arbitrary<Partial<Parts>> => {
    if (type === "application/json") {
      return fitting(document, schema).map((value) => ({ type, body: JSON.stringify(value) }));
    }
    if (type === "application/x-www-form-urlencoded") return fc.nat(50).map((id) => ({ type, body: `connId=${id}` }));
    if (type === "multipart/form-data") {
      const head = '--x\r\nContent-Disposition: form-data; name="f"; filename="fuzz2"';
      return fc.constant({ type: `${type}; boundary=x`, body: `${head}\r\n\r\nabc\r\n--x--\r\n` });
    }
    const largest = /key/i.test(operationId) ? 1024 : 5000;
    return fc.oneof(
      fc.string({ maxLength: 50 }),
      fc.string({ unit: "grapheme", maxLength: 50 }),
      fc.constant("x".repeat(largest)),
    )
      .map((body) => ({ type, body: body.toWellFormed() }));
  }));
}

type Spoiler = (parts: Parts) => fc.Arbitrary<[Parts, string]>;

function spoilers(document: Document, operation: Operation): Spoiler[] {
  const list: Spoiler[] = [];
  // A page takes whatever a link to it carries along.
  const isPage = Object.keys(operation.responses["200"]?.content ?? {}).some((type) => /^text\/(html|css)$/.test(type));
  if (!isPage) {
    list.push((parts) =>
      names.map((name) => [{ ...parts, query: [...parts.query, [`un${name}`, "1"]] }, "an unknown parameter"])
    );
  }
  for (const parameter of operation.parameters ?? []) {
    const { name, in: place, required } = parameter;
    const bad = wrong(parameter);
    if (place === "query") {
      const others = (parts: Parts) => parts.query.filter(([each]) => each !== name);
      if (bad) {
        list.push((parts) => fc.constant([{ ...parts, query: [...others(parts), [name, bad]] }, `a bad ${name}`]));
      }
      if (required) list.push((parts) => fc.constant([{ ...parts, query: others(parts) }, `no ${name}`]));
    }
    if (place === "path" && bad) {
      list.push((parts) => fc.constant([{ ...parts, path: { ...parts.path, [name]: bad } }, `a bad ${name}`]));
    }
  }
  const json = operation.requestBody?.content["application/json"];
  if (json) {
    for (
      const body of [...(operation.requestBody?.required ? [""] : []), "{", "[]", '{"a":1,"a":2}', '"x"', "\ufffe"]
    ) {
      list.push((parts) => fc.constant([{ ...parts, type: "application/json", body }, `the body ${body}`]));
    }
    list.push((parts) =>
      fc.tuple(fitting(document, json.schema), anything).map(([value, odd]) => {
        const body = JSON.stringify({ ...value as object, unheard_of: odd });
        return [{ ...parts, type: "application/json", body }, "an unknown field"];
      })
    );
  }
  return list;
}

function build({ method, path }: Operation, parts: Parts): Made {
  const filled = path.replaceAll(
    /\{([^}]+)\}/g,
    (_, name) => encodeURIComponent((parts.path[name] ?? "").toWellFormed()),
  );
  const query = parts.query.map(([name, value]) =>
    `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`
  );
  return {
    method,
    target: query.length > 0 ? `${filled}?${query.join("&")}` : filled,
    headers: { ...parts.headers, ...(parts.type !== undefined && { "content-type": parts.type }) },
    ...(parts.body !== undefined && { body: parts.body }),
  };
}
