/** Holds answers to an OpenAPI document. */

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { Document, Operation } from "./document.ts";
import type { Made } from "./requests.ts";

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
}

/** What any answer may carry; every other field has to stand in the document. */
const COMMON = new Set([
  "accept-ranges",
  "cache-control",
  "connection",
  "content-length",
  "content-security-policy",
  "content-type",
  "cross-origin-resource-policy",
  "date",
  "referrer-policy",
  "transfer-encoding",
  "vary",
  "x-accel-buffering",
  "x-content-type-options",
  "x-frame-options",
  "x-request-id",
]);

export type Judge = (operation: Operation, made: Made, answer: Answered) => string[];

/** Tells what an answer has that the document does not, or the other way round. */
export function judgeBy(document: Document): Judge {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: false });
  formats.default(ajv);
  ajv.addSchema(document, "document");
  const validators = new Map<string, ValidateFunction | undefined>();
  const validator = (...path: string[]) => {
    const pointer = path.map((each) => encodeURIComponent(each.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
    if (!validators.has(pointer)) validators.set(pointer, ajv.getSchema(`document#/${pointer}`));
    return validators.get(pointer);
  };

  return (operation, made, { status, headers, text }) => {
    const { method, path } = operation;
    const faults: string[] = [];
    const answer = document.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
    if (made.spoilt && status < 400) faults.push(`${made.spoilt} was accepted`);
    if (status >= 500 && !isDue(operation, status, text)) faults.push("a 5xx that nothing is the reason for");
    if (!answer) return [...faults, "the document has no such status here"];
    const named = new Set(Object.keys(answer.headers ?? {}).map((name) => name.toLowerCase()));
    for (const [name] of headers) {
      if (!COMMON.has(name) && !named.has(name)) faults.push(`the document has no header field ${name} here`);
    }
    if (!answer.content) return text === "" ? faults : [...faults, "the document has no body here"];
    const type = (headers.get("content-type") ?? "").replace(/;.*/s, "");
    if (!answer.content[type]) return [...faults, `the document has no ${type || "body without a type"} here`];
    if (!type.endsWith("json")) return faults;
    const validate = validator(
      "paths",
      path,
      method.toLowerCase(),
      "responses",
      String(status),
      "content",
      type,
      "schema",
    );
    if (!validate) return [...faults, "the document has no schema here"];
    if (!validate(JSON.parse(text))) faults.push(`the body does not fit: ${ajv.errorsText(validate.errors)}`);
    return faults;
  };
}

/** Answers of 5xx that the contract has a reason for, and that such requests bring about. */
function isDue({ operationId }: Operation, status: number, text: string): boolean {
  const body = JSON.parse(text || "{}") as { status?: unknown; code?: unknown };
  if (status === 503) return body.code === "no_slot";
  if (status !== 500) return false;
  // A held request that was killed (document 001); a job in a worker's slot that could not be started or timed out.
  return body.status === "killed" || (operationId === "runJob" && body.status === "failed");
}
