/** The `Content-Disposition` field (RFC 6266) and the names of files in it, in any script (RFC 8187). */

import { Problem } from "./errors.ts";

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const TYPE = new RegExp(`^[ \\t]*${TOKEN}[ \\t]*`);
const PARAMETER = new RegExp(
  `;[ \\t]*(?:(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))[ \\t]*)?`,
  "y",
);

/**
 * The file name in a `Content-Disposition`, `filename*` before `filename`; undefined when there is none. Taken as it is:
 * whoever uses it checks it.
 * @throws {Problem} `invalid_request` when the field is malformed.
 */
export function fileNameOf(field: string): string | undefined {
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = TYPE.exec(field)?.[0].length ?? malformed(field);
  while (PARAMETER.lastIndex < field.length) {
    const [, name, quoted, bare] = PARAMETER.exec(field) ?? malformed(field);
    if (name === undefined) continue;
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/gs, "$1") ?? bare ?? "");
  }
  const extended = parameters.get("filename*");
  if (extended !== undefined) return decodeExtended(extended) ?? malformed(field);
  const plain = parameters.get("filename");
  return plain === undefined ? undefined : asUtf8(plain);
}

/** An `attachment` by that name, with an ASCII stand-in for those who cannot read the other. */
export function attachment(name: string): string {
  const plain = /^[\x20-\x7e]*$/.test(name) && !/["\\%]/.test(name);
  if (plain) return `attachment; filename="${name}"`;
  const standIn = name.replace(/[^\x20-\x7e]|["\\%]/gu, "_");
  return `attachment; filename="${standIn}"; filename*=UTF-8''${encodeExtended(name)}`;
}

/** `UTF-8'language'percent-encoded`, or ISO-8859-1. */
function decodeExtended(value: string): string | undefined {
  const [, charset = "", encoded = ""] = /^([^']*)'[^']*'(.*)$/s.exec(value) ?? [];
  const label = charset.toLowerCase();
  if (label !== "utf-8" && label !== "iso-8859-1") return undefined;
  if (/%(?![0-9A-Fa-f]{2})|[^\x21-\x7e]/.test(encoded)) return undefined;
  const bytes = encoded.replace(/%(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return label === "utf-8" ? decodeUtf8(bytes) : bytes;
}

function encodeExtended(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Field values arrive one character a byte; most clients mean UTF-8 by bytes above 127. */
function asUtf8(value: string): string {
  return /^[\0-\xff]*$/.test(value) ? decodeUtf8(value) ?? value : value;
}

function decodeUtf8(bytes: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  } catch {
    return undefined; // Not UTF-8: the caller knows what that means.
  }
}

function malformed(field: string): never {
  throw new Problem(
    "invalid_request",
    `Content-Disposition ${JSON.stringify(field)} is malformed. Send, for example, attachment; filename="name.txt".`,
  );
}
