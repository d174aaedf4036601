/** Header fields: their names, values, number and size. */

import { ask, type Row, utf8 } from "../row.ts";

const REFUSED = { status: 400, closed: true };
const SEED = { status: 200, body: "seed" };
const lines = (count: number) => Array.from({ length: count }, (_, i) => `X-${i}: x`);

export const HEADERS: Row[] = [
  { name: "a space in a name", send: ask("GET /seed", ["Bad Name: x"]), ...REFUSED },
  { name: "a space before the colon", send: ask("GET /seed", ["X-Name : x"]), ...REFUSED },
  { name: "an empty name", send: ask("GET /seed", [": x"]), ...REFUSED },
  { name: "a line without a colon", send: ask("GET /seed", ["X-Name"]), ...REFUSED },
  { name: "NUL in a name", send: ask("GET /seed", ["X-\0Name: x"]), ...REFUSED },
  { name: "NUL in a value", send: ask("GET /seed", ["X-Name: a\0b"]), ...REFUSED },
  { name: "CR in a name", send: ask("GET /seed", ["X-\rName: x"]), ...REFUSED },
  { name: "CR in a value", send: ask("GET /seed", ["X-Name: a\rb"]), ...REFUSED },
  { name: "LF in a name", send: ask("GET /seed", ["X-\nName: x"]), ...REFUSED },
  { name: "LF in a value", send: ask("GET /seed", ["X-Name: a\nb"]), ...REFUSED },
  { name: "DEL in a value", send: ask("GET /seed", ["X-Name: a\x7fb"]), ...REFUSED },
  { name: "a control character in a value", send: ask("GET /seed", ["X-Name: a\x01b"]), ...REFUSED },
  { name: "UTF-8 in a name", send: ask("GET /seed", [utf8("X-Имя: x")]), ...REFUSED },
  { name: "UTF-8 in a value", send: ask("GET /seed", [utf8("X-Name: имя")]), ...SEED },
  { name: "a byte above 127 in a value", send: ask("GET /seed", ["X-Name: \xff"]), ...SEED },
  { name: "a folded line", send: ask("GET /seed", ["X-Name: a\r\n b"]), ...REFUSED },
  { name: "a folded line with a tab", send: ask("GET /seed", ["X-Name: a\r\n\tb"]), ...REFUSED },
  { name: "a folded line before all others", send: "GET /seed HTTP/1.1\r\n Host: @HOST\r\n\r\n", ...REFUSED },
  { name: "a folded Host", send: "GET /seed HTTP/1.1\r\nHost:\r\n @HOST\r\n\r\n", ...REFUSED },
  { name: "a field of 30 KB", send: ask("GET /seed", [`X-Name: ${"x".repeat(30_000)}`]), ...SEED },
  { name: "a field of 100 KB", send: ask("GET /seed", [`X-Name: ${"x".repeat(100_000)}`]), ...REFUSED, old: SEED },
  {
    name: "a name of 100 KB",
    send: ask("GET /seed", [`${"x".repeat(100_000)}: x`]),
    ...REFUSED,
    old: { status: 431, closed: true },
  },
  {
    name: "64 KB of fields",
    send: ask("GET /seed", Array(70).fill(`X-Name: ${"x".repeat(1000)}`)),
    ...REFUSED,
    old: SEED,
  },
  { name: "90 fields", send: ask("GET /seed", lines(90)), ...SEED },
  { name: "300 fields", send: ask("GET /seed", lines(300)), ...REFUSED, old: { status: 431, closed: true } },
  { name: "a header byte by byte", send: ask("GET /seed", ["X-Name: x"]), drip: 64, ...SEED },
  { name: "a body byte by byte", send: ask("PUT /framed", [], "x".repeat(50)), drip: 64, status: 201, stores: true },
  { name: "two bearers", send: ask("GET /seed", ["Authorization: Bearer a", "Authorization: Bearer b"]), ...SEED },
  {
    name: "a million cookies' worth of one cookie",
    send: ask("GET /seed", [`Cookie: stint=${"a".repeat(20_000)}`]),
    ...SEED,
  },
  { name: "a request id of one's own", send: ask("GET /seed", ["X-Request-Id: <script>"]), ...SEED },
  { name: "Origin: null", send: ask("GET /seed", ["Origin: null"]), status: 403, code: "forbidden_origin" },
  {
    name: "two Origins",
    send: ask("GET /seed", ["Origin: http://@HOST", "Origin: http://evil.example"]),
    status: 403,
    code: "forbidden_origin",
  },
  {
    name: "an Origin that begins like ours",
    send: ask("GET /seed", ["Origin: http://@HOST.evil.example"]),
    status: 403,
    code: "forbidden_origin",
  },
  {
    name: "Sec-Fetch-Site that nobody knows",
    send: ask("GET /seed", ["Sec-Fetch-Site: same-origin-ish"]),
    status: 403,
    code: "forbidden_origin",
  },
];
