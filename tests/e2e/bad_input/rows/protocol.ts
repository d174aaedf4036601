/** What is another version of HTTP, another protocol, or none. */

import { ask, head, type Row } from "../row.ts";

const HOST = "Host: @HOST";
const REFUSED = { status: 400, closed: true };
const CUT = { status: 0, closed: true };

export const PROTOCOL: Row[] = [
  { name: "HTTP/1.0", send: ask("GET /seed HTTP/1.0"), status: 200, body: "seed", closed: true },
  {
    name: "HTTP/1.0, kept alive",
    send: ask("GET /seed HTTP/1.0", ["Connection: keep-alive"]),
    status: 200,
    body: "seed",
  },
  {
    name: "HTTP/1.0 without Host",
    send: head("GET /seed HTTP/1.0", []),
    status: 400,
    code: "invalid_request",
    closed: true,
  },
  {
    name: "HTTP/1.0 in chunks",
    send: head("PUT /x HTTP/1.0", [HOST, "Transfer-Encoding: chunked"]) + "1\r\nx\r\n0\r\n\r\n",
    ...REFUSED,
  },
  { name: "HTTP/0.9", send: "GET /seed\r\n\r\n", ...REFUSED },
  { name: "HTTP/1.2", send: ask("GET /seed HTTP/1.2"), ...REFUSED },
  { name: "HTTP/2.0 in words", send: ask("GET /seed HTTP/2.0"), ...REFUSED },
  { name: "HTTP/9.9", send: ask("GET /seed HTTP/9.9"), ...REFUSED },
  { name: "http in small letters", send: ask("GET /seed http/1.1"), ...REFUSED },
  { name: "HTTPS for HTTP", send: ask("GET /seed HTTPS/1.1"), ...REFUSED },
  { name: "half of the preface of HTTP/2", send: "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", ...REFUSED },
  { name: "the preface of HTTP/2 and garbage", send: `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${"\xff".repeat(64)}`, ...CUT },
  { name: "a TLS hello", send: `\x16\x03\x01\x00\xf8\x01\x00\x00\xf4\x03\x03${"\x42".repeat(240)}`, ...REFUSED },
  { name: "an SSH banner", send: "SSH-2.0-OpenSSH_9.6\r\n", ...REFUSED },
  { name: "an SMTP greeting", send: "EHLO evil.example\r\n", ...REFUSED },
  { name: "NULs", send: `${"\0".repeat(100)}\r\n\r\n`, ...REFUSED },
  { name: "control characters", send: `${"\x01\x02\x7f".repeat(100)}\r\n\r\n`, ...REFUSED },
  { name: "a method in small letters", send: ask("get /seed"), status: 405, code: "method_not_allowed" },
  { name: "a method that nobody knows", send: ask("BREW /seed"), status: 405, code: "method_not_allowed" },
  { name: "PATCH on a key", send: ask("PATCH /seed", [], "x"), status: 405, code: "method_not_allowed" },
  { name: "TRACE", send: ask("TRACE /seed"), status: 405, code: "method_not_allowed" },
  { name: "CONNECT with a path", send: ask("CONNECT /seed"), ...REFUSED, old: { status: 400 } },
  { name: "PROPFIND", send: ask("PROPFIND /api/files"), status: 405, code: "method_not_allowed" },
  {
    name: "a method of a thousand letters",
    send: ask(`${"A".repeat(1000)} /seed`),
    status: 405,
    code: "method_not_allowed",
  },
  { name: "a method with a sign that no token has", send: ask("GE(T /seed"), ...REFUSED },
  { name: "a method with NUL", send: ask("GE\0T /seed"), ...REFUSED },
  { name: "two blank lines ahead", send: `\r\n\r\n${ask("GET /seed")}`, status: 200, body: "seed" },
  {
    name: "a request line that ends in LF alone",
    send: `GET /seed HTTP/1.1\nHost: @HOST\n\n`,
    status: 200,
    body: "seed",
  },
  { name: "a request line that ends in CR alone", send: `GET /seed HTTP/1.1\rHost: @HOST\r\r`, ...REFUSED },
  {
    name: "a method overridden in a header",
    send: ask("GET /seed", ["X-HTTP-Method-Override: DELETE"]),
    status: 200,
    body: "seed",
  },
];
