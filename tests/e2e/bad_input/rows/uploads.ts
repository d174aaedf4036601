/** Files: their names, forms and digests. */

import { ask, type Expected, INVALID, type Row } from "../row.ts";

const BAD_NAME = { status: 400, code: "invalid_file_name" };
const UPLOAD = "POST /upload/new/@WORKER";
const EMPTY = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
const named = (name: string, value: string, expected: Expected = BAD_NAME): Row => ({
  name: `upload: ${name}`,
  send: ask(`${UPLOAD}?name=${value}`, [], "x"),
  ...expected,
});
const sent = (name: string, fields: string[], body: string, expected: Expected = INVALID): Row => ({
  name: `upload: ${name}`,
  send: ask(UPLOAD, fields, body),
  ...expected,
});
const part = (disposition: string) => `--x\r\nContent-Disposition: form-data; ${disposition}\r\n\r\ndata\r\n--x--\r\n`;
const form = (name: string, body: string, expected: Expected = INVALID): Row =>
  sent(`form ${name}`, ["Content-Type: multipart/form-data; boundary=x"], body, expected);

export const UPLOADS: Row[] = [
  named("no name at all", ""),
  named("a path", "a%2Fb"),
  named("a path of another system", "a%5Cb"),
  named("an absolute path", "%2Fetc%2Fpasswd"),
  named("the directory above", ".."),
  named("NUL", "a%00b", { ...INVALID, pointer: "query/name" }),
  named("a name of 256 letters", "a".repeat(256)),
  named("a name that is no UTF-8", "%ff", { ...INVALID, pointer: "query/name" }),
  named("the place of unfinished files", ".Partial"),
  named("a name that exists", "seed.txt", { status: 409, code: "file_exists" }),
  sent("a digest of something else", [`Content-Digest: ${EMPTY}`], "x", { status: 400, code: "digest_mismatch" }),
  sent("a digest of the file that is another's", [`Repr-Digest: ${EMPTY}`], "x", {
    status: 400,
    code: "digest_mismatch",
  }),
  sent("a piece that is not its end", ["Upload-Complete: ?0"], "x", { ...INVALID, pointer: "header/upload-complete" }),
  sent("a resumable one that begins in the middle", ["Upload-Complete: ?1", "Upload-Offset: 1"], "x", {
    ...INVALID,
    pointer: "header/upload-offset",
  }),
  sent("an offset that is no number", ["Upload-Complete: ?1", "Upload-Offset: 0x10"], "x", {
    ...INVALID,
    pointer: "header/upload-offset",
  }),
  sent("a length of sixteen digits", ["Upload-Complete: ?1", "Upload-Length: 1000000000000000"], "x", {
    ...INVALID,
    pointer: "header/upload-length",
  }),
  sent("a length that is not the body's", ["Upload-Complete: ?1", "Upload-Length: 2"], "x"),
  sent("a resumable one with a digest of something else", ["Upload-Complete: ?1", `Repr-Digest: ${EMPTY}`], "x", {
    status: 400,
    code: "digest_mismatch",
  }),
  {
    name: "upload: going on without an offset",
    send: ask(`${UPLOAD}?resume=nobody`, [], "x"),
    ...INVALID,
    pointer: "header/upload-offset",
  },
  {
    name: "upload: going on with one that is not there",
    send: ask(`${UPLOAD}?resume=nobody`, ["Upload-Offset: 1"], "x"),
    status: 404,
    code: "not_found",
  },
  sent("a digest in hexadecimal", ["Content-Digest: sha-256=e3b0c442"], "x"),
  sent("a digest that is too short", ["Content-Digest: sha-256=:AAAA:"], "x"),
  sent("a digest that is no base64", ["Content-Digest: sha-256=:!!!!:"], "x"),
  sent("compressed", ["Content-Encoding: gzip"], "x", { status: 415, code: "unsupported_media_type" }),
  sent("a malformed Content-Disposition", ["Content-Disposition: attachment; filename"], "x"),
  sent("a path in Content-Disposition", ['Content-Disposition: attachment; filename="../../x"'], "x", BAD_NAME),
  sent(
    "a path in Content-Disposition, escaped",
    ["Content-Disposition: attachment; filename*=UTF-8''..%2Fx"],
    "x",
    BAD_NAME,
  ),
  sent("NUL in Content-Disposition", ["Content-Disposition: attachment; filename*=UTF-8''a%00b"], "x", BAD_NAME),
  sent("a form without a boundary", ["Content-Type: multipart/form-data"], part('name="f"; filename="a"')),
  sent(
    "a form with an empty boundary",
    ["Content-Type: multipart/form-data; boundary="],
    part('name="f"; filename="a"'),
  ),
  sent(
    "a form with another boundary",
    ["Content-Type: multipart/form-data; boundary=y"],
    part('name="f"; filename="a"'),
  ),
  form("that is empty", ""),
  form("that has no file", part('name="f"')),
  form("that is not ended", '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\ndata'),
  form("that ends in its header", '--x\r\nContent-Disposition: form-data; name="f"'),
  form("with a path", part('name="f"; filename="../../a"'), BAD_NAME),
  form("with a path of another system", part('name="f"; filename="C:\\\\a"'), BAD_NAME),
  form("with a part that says nothing of itself", "--x\r\n\r\ndata\r\n--x--\r\n"),
  { name: "upload: for nobody", send: ask("POST /upload/new/nobody", [], "x"), status: 400, code: "worker_unknown" },
  {
    name: "upload: for an id with a path",
    send: ask("POST /upload/new/..%2f..%2fx", [], "x"),
    status: 400,
    code: "worker_unknown",
  },
  {
    name: "upload: a stale condition",
    send: ask(`${UPLOAD}?name=seed.txt`, ['If-Match: "x"'], "x"),
    status: 412,
    code: "precondition_failed",
  },
  { name: "download: a path", send: ask("POST /download/new/@WORKER?file=..%2Ferror.log"), ...BAD_NAME },
  {
    name: "download: two names",
    send: ask("POST /download/new/@WORKER?file=seed.txt", [], '{"file":"b"}'),
    ...INVALID,
  },
  {
    name: "download: a name twice",
    send: ask("POST /download/new/@WORKER", [], '{"file":"seed.txt","file":"b"}'),
    ...INVALID,
    pointer: "/file",
  },
  { name: "download: nothing", send: ask("POST /download/new/@WORKER"), ...INVALID },
  {
    name: "download: a file that is not there",
    send: ask("POST /download/new/@WORKER?file=none"),
    status: 404,
    code: "not_found",
  },
  { name: "worker: a state that is none", send: ask("POST /modify/@WORKER/dancing"), ...INVALID },
  {
    name: "worker: a state that is not next",
    send: ask("POST /modify/@WORKER/paused"),
    status: 400,
    code: "invalid_transition",
  },
];
