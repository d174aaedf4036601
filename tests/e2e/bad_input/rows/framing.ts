/** Where a message ends, and whom it is for (RFC 9112). */

import { ask, head, INVALID, type Row } from "../row.ts";

const HOST = "Host: @HOST";
const CHUNKED = "Transfer-Encoding: chunked";
const REFUSED = { status: 400, closed: true };
const BROKEN = { ...INVALID, closed: true };
/** Chunks that are none are cut off by the runtime, whatever we would have answered. */
const CUT = { status: 0, closed: true };
const put = (fields: string[], body: string) => head("PUT /framed", [HOST, ...fields]) + body;

export const FRAMING: Row[] = [
  { name: "no Host", send: head("GET /seed", []), ...INVALID },
  { name: "an empty Host", send: head("GET /seed", ["Host:"]), ...INVALID },
  { name: "two Hosts that differ", send: head("GET /seed", [HOST, "Host: evil.example"]), ...REFUSED, old: INVALID },
  { name: "the same Host twice", send: head("GET /seed", [HOST, HOST]), ...REFUSED, old: INVALID },
  { name: "two names in one Host", send: head("GET /seed", ["Host: @HOST, evil.example"]), ...INVALID },
  { name: "a Host with a user name", send: head("GET /seed", ["Host: u@127.0.0.1"]), ...INVALID },
  { name: "a Host with a path", send: head("GET /seed", ["Host: 127.0.0.1/x?"]), ...INVALID },
  { name: "a Host with a space", send: head("GET /seed", ["Host: a b"]), ...INVALID },
  { name: "a Host with a port beyond all ports", send: head("GET /seed", ["Host: 127.0.0.1:99999"]), ...INVALID },
  { name: "a Host that is half an IPv6 address", send: head("GET /seed", ["Host: [::1"]), ...INVALID },
  {
    name: "somebody else's Host",
    send: head("GET /seed", ["Host: evil.example"]),
    status: 403,
    code: "forbidden_host",
  },
  {
    name: "absolute form for somebody else",
    send: ask("GET http://evil.example/seed"),
    status: 403,
    code: "forbidden_host",
  },
  { name: "absolute form for us", send: ask("GET http://@HOST/seed"), status: 200, body: "seed" },
  {
    name: "absolute form for us with another's Host",
    send: head("GET http://@HOST/seed", ["Host: evil.example"]),
    status: 403,
    code: "forbidden_host",
  },
  {
    name: "absolute form of a file",
    send: ask("GET file:///etc/passwd"),
    status: 404,
    code: "not_found",
    old: { status: 400, closed: true },
  },
  { name: "authority form", send: ask("CONNECT evil.example:443"), status: 403, code: "forbidden_host" },
  { name: "asterisk form", send: ask("OPTIONS *"), status: 400, code: "invalid_key" },
  { name: "a target without a slash", send: ask("GET seed"), ...REFUSED, old: { status: 400 } },
  { name: "no target", send: ask("GET  HTTP/1.1"), ...REFUSED },
  { name: "a space in the target", send: ask("GET /se ed"), ...REFUSED },
  { name: "a tab for a space", send: `GET\t/seed\tHTTP/1.1\r\n${HOST}\r\n\r\n`, ...REFUSED },
  { name: "CL and TE", send: put(["Content-Length: 3", CHUNKED], "1\r\nx\r\n0\r\n\r\n"), ...REFUSED, old: INVALID },
  {
    name: "TE and CL",
    send: put([CHUNKED, "Content-Length: 3"], "1\r\nx\r\n0\r\n\r\n"),
    ...REFUSED,
    old: { status: 201, stores: true },
  },
  { name: "two lengths that differ", send: put(["Content-Length: 1", "Content-Length: 2"], "xx"), ...REFUSED },
  {
    name: "the same length twice",
    send: put(["Content-Length: 1", "Content-Length: 1"], "x"),
    status: 201,
    stores: true,
  },
  { name: "two lengths in one field", send: put(["Content-Length: 1, 2"], "xx"), ...REFUSED },
  { name: "a negative length", send: put(["Content-Length: -1"], ""), ...REFUSED },
  { name: "a length with a sign", send: put(["Content-Length: +1"], "x"), ...REFUSED },
  { name: "a length that is no number", send: put(["Content-Length: abc"], ""), ...REFUSED },
  { name: "a length in hexadecimal", send: put(["Content-Length: 0x1"], "x"), ...REFUSED },
  { name: "a length of 2^64", send: put(["Content-Length: 18446744073709551616"], "x"), ...REFUSED },
  { name: "an empty length", send: put(["Content-Length:"], ""), ...REFUSED },
  {
    name: "two transfer codings, chunked first",
    send: put(["Transfer-Encoding: chunked, gzip"], "0\r\n\r\n"),
    ...REFUSED,
  },
  { name: "an unknown transfer coding", send: put(["Transfer-Encoding: cow"], "0\r\n\r\n"), ...REFUSED },
  { name: "chunked twice", send: put([CHUNKED, CHUNKED], "1\r\nx\r\n0\r\n\r\n"), ...REFUSED, old: INVALID },
  {
    name: "chunked with a vertical tab",
    send: put(["Transfer-Encoding: \x0bchunked"], "1\r\nx\r\n0\r\n\r\n"),
    ...REFUSED,
  },
  { name: "a space before the colon of TE", send: put(["Transfer-Encoding : chunked"], "0\r\n\r\n"), ...REFUSED },
  { name: "a chunk size that is no number", send: put([CHUNKED], "zz\r\nx\r\n0\r\n\r\n"), ...CUT, old: BROKEN },
  { name: "a negative chunk size", send: put([CHUNKED], "-1\r\nx\r\n0\r\n\r\n"), ...CUT, old: BROKEN },
  {
    name: "a chunk size of 2^64",
    send: put([CHUNKED], "10000000000000000\r\nx\r\n0\r\n\r\n"),
    ...CUT,
    old: BROKEN,
  },
  { name: "a chunk longer than its size", send: put([CHUNKED], "1\r\nxyz\r\n0\r\n\r\n"), ...CUT, old: BROKEN },
  { name: "a chunk size that ends in LF alone", send: put([CHUNKED], "1\nx\r\n0\r\n\r\n"), ...CUT, old: BROKEN },
  { name: "a chunk extension", send: put([CHUNKED], "1;a=b\r\nx\r\n0\r\n\r\n"), status: 201, stores: true },
  {
    name: "a chunk extension with LF in it",
    send: put([CHUNKED], "1;a\nb\r\nx\r\n0\r\n\r\n"),
    ...CUT,
    old: BROKEN,
  },
  {
    name: "20 KB of chunk extensions",
    send: put([CHUNKED], `1;${"a".repeat(20_000)}\r\nx\r\n0\r\n\r\n`),
    ...INVALID,
    closed: true,
  },
  {
    name: "a trailer",
    send: put([CHUNKED], "1\r\nx\r\n0\r\nX-Trailer: 1\r\n\r\n"),
    status: 201,
    stores: true,
    old: { status: 201, stores: true, closed: true },
  },
  {
    name: "a body over the limit, in chunks",
    send: put([CHUNKED], `401\r\n${"x".repeat(1025)}\r\n0\r\n\r\n`),
    status: 413,
    code: "too_large",
  },
  {
    name: "a body shorter than its length",
    send: put(["Content-Length: 9"], "x"),
    ends: true,
    ...BROKEN,
  },
  { name: "chunks without an end", send: put([CHUNKED], "1\r\nx\r\n"), ends: true, ...BROKEN },
  { name: "half a header", send: "GET /seed HTTP/1.1\r\nHost: @HO", ends: true, ...CUT },
  { name: "nothing at all", send: "", ends: true, ...CUT },
  { name: "a body with a GET", send: ask("GET /seed", [], "x"), status: 200, body: "seed" },
  {
    name: "a request within the body of another",
    send: ask("GET /seed", [], "GET /-/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
    status: 200,
    body: "seed",
  },
  { name: "expect: 100-continue", send: ask("PUT /framed", ["Expect: 100-continue"], "x"), status: 201, stores: true },
  { name: "another expectation", send: ask("PUT /framed", ["Expect: the-unexpected"], "x"), status: 201, stores: true },
  {
    name: "an upgrade that nobody knows",
    send: ask("GET /seed", ["Connection: Upgrade", "Upgrade: cow/1"]),
    status: 200,
    body: "seed",
  },
  {
    name: "an upgrade to WebSocket",
    send: ask("GET /api/events", [
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "Origin: http://evil.example",
    ]),
    status: 403,
    code: "forbidden_origin",
  },
];
