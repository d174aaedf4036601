/** Header fields that mean something here: conditions, ranges, preferences, places in a stream. */

import { ask, type Expected, INVALID, type Row, utf8 } from "../row.ts";

const FAILED = { status: 412, code: "precondition_failed" };
const WHOLE = { status: 200, body: "0123456789" };
const key = (name: string, line: string, field: string, expected: Expected): Row => ({
  name,
  send: ask(line, [field], line.startsWith("PUT") ? "x" : undefined),
  ...expected,
});
const range = (name: string, field: string, expected: Expected): Row => ({
  name: `range: ${name}`,
  send: ask("GET /api/files/seed.txt", [field]),
  ...expected,
});
const UNSATISFIABLE = { status: 416, code: "invalid_range", fields: { "content-range": "bytes */10" } };
const TRUE = '{"command":"true"}';
const JSON_TYPE = "Content-Type: application/json";
const job = (name: string, fields: string[], expected: Expected): Row => ({
  name,
  send: ask("POST /api/jobs", [JSON_TYPE, ...fields], TRUE),
  ...expected,
});

export const FIELDS: Row[] = [
  key("a stale If-Match on PUT", "PUT /seed", 'If-Match: "999999"', FAILED),
  key("a stale If-Match on GET", "GET /seed", 'If-Match: "999999"', FAILED),
  key("a stale If-Match on DELETE", "DELETE /seed", 'If-Match: "999999"', FAILED),
  key("If-Match for what is not there", "PUT /framed", "If-Match: *", FAILED),
  key("If-None-Match for what is there", "PUT /seed", "If-None-Match: *", FAILED),
  key("If-None-Match: * on GET", "GET /seed", "If-None-Match: *", { status: 304 }),
  key("a weak tag where only a strong one counts", "DELETE /seed", 'If-Match: W/"999999"', FAILED),
  key("a tag without quotes", "PUT /seed", "If-Match: 5", INVALID),
  key("half a tag", "PUT /seed", 'If-Match: "5', INVALID),
  key("a tag and a star", "PUT /seed", 'If-Match: "5", *', INVALID),
  key("an empty If-Match", "PUT /seed", "If-Match:", FAILED),
  key("a malformed If-None-Match on GET", "GET /seed", "If-None-Match: seed", INVALID),
  key("a malformed If-Match on DELETE", "DELETE /seed", "If-Match: W/5", INVALID),
  key("a thousand tags", "DELETE /seed", `If-Match: ${Array(1000).fill('"x"').join(", ")}`, FAILED),
  key("a stale condition on a file", "DELETE /api/files/seed.txt", 'If-Match: "x"', FAILED),
  key("a malformed condition on a file", "GET /api/files/seed.txt", "If-None-Match: x", INVALID),
  { name: "both conditions with a star", send: ask("PUT /seed", ["If-Match: *", "If-None-Match: *"], "x"), ...INVALID },
  range("beyond the end", "Range: bytes=10-", UNSATISFIABLE),
  range("the last none", "Range: bytes=-0", UNSATISFIABLE),
  range("backwards", "Range: bytes=5-2", WHOLE),
  range("several", "Range: bytes=0-1,4-5", WHOLE),
  range("overlapping", "Range: bytes=0-5,3-8,0-", WHOLE),
  range("a thousand", `Range: bytes=${Array.from({ length: 1000 }, (_, i) => `${i % 10}-`).join(",")}`, WHOLE),
  range("of another unit", "Range: pages=1-2", WHOLE),
  range("of nothing", "Range: bytes=", WHOLE),
  range("with letters", "Range: bytes=a-b", WHOLE),
  range("with signs", "Range: bytes=+1-+2", WHOLE),
  range("beyond all numbers", "Range: bytes=0-99999999999999999999999999", { status: 206, body: "0123456789" }),
  range("from beyond all numbers", "Range: bytes=99999999999999999999999999-", UNSATISFIABLE),
  range("for another version", 'Range: bytes=0-1\r\nIf-Range: "other"', WHOLE),
  range("for a date", "Range: bytes=0-1\r\nIf-Range: Wed, 21 Oct 2026 07:28:00 GMT", WHOLE),
  {
    name: "range: of an output, beyond its end",
    send: ask("GET /api/jobs/@JOB/stdout", ["Range: bytes=10-"]),
    ...UNSATISFIABLE,
  },
  job("Prefer that nobody knows", ["Prefer: handling=strict, wait=abc"], { status: 202, stores: true }),
  job("Prefer with a negative wait", ["Prefer: wait=-5"], { status: 202, stores: true }),
  job("Prefer that cannot be read", ['Prefer: ="",,;; wait="'], { status: 202, stores: true }),
  job("an empty Idempotency-Key", ["Idempotency-Key:"], { ...INVALID, pointer: "header/idempotency-key" }),
  job("an Idempotency-Key of 256 letters", [`Idempotency-Key: ${"k".repeat(256)}`], {
    ...INVALID,
    pointer: "header/idempotency-key",
  }),
  job("an Idempotency-Key that is another request's", ["Idempotency-Key: seed"], {
    status: 422,
    code: "idempotency_mismatch",
  }),
  {
    name: "Last-Event-ID that is none of events",
    send: ask("GET /api/events", ["Last-Event-ID: abc"]),
    ...INVALID,
    pointer: "header/last-event-id",
  },
  {
    name: "Last-Event-ID beyond all numbers",
    send: ask("GET /api/events", [`Last-Event-ID: ${"9".repeat(30)}`]),
    ...INVALID,
    pointer: "header/last-event-id",
  },
  {
    name: "Last-Event-ID that is none of keys",
    send: ask("GET /api/keys/events", ["Last-Event-ID: -1"]),
    ...INVALID,
    pointer: "header/last-event-id",
  },
  {
    name: "Last-Event-ID that is none of outputs",
    send: ask("GET /api/jobs/@JOB/output", ["Last-Event-ID: 1e9"]),
    ...INVALID,
    pointer: "header/last-event-id",
  },
  { name: "a place in the future", send: ask("GET /api/keys/events?after=9007199254740991"), ...INVALID },
  {
    name: "a place before the beginning",
    send: ask("GET /api/keys/events?after=-1"),
    ...INVALID,
    pointer: "query/after",
  },
  {
    name: "a type of events that is none",
    send: ask("GET /api/events?types=jobs,cows"),
    ...INVALID,
    pointer: "query/types",
  },
  { name: "Accept that cannot be met", send: ask("GET /api/jobs", ["Accept: image/png"]), status: 200 },
  {
    name: "a file name in two scripts at once",
    send: ask("POST /upload/new/@WORKER", [utf8("Content-Disposition: attachment; filename*=KOI8-R''%ff")], "x"),
    ...INVALID,
  },
];
