import assert from "node:assert/strict";
import { attachment, fileNameOf } from "../../../lib/domain/content_disposition.ts";
import { Problem } from "../../../lib/domain/errors.ts";

/** A field value as it arrives: one character a byte. */
const wire = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

Deno.test("fileNameOf reads tokens, quoted strings and extended values", () => {
  assert.equal(fileNameOf("attachment"), undefined);
  assert.equal(fileNameOf("inline; filename=a.txt"), "a.txt");
  assert.equal(fileNameOf('attachment; FileName = "a \\"b\\" \\\\ ;c.txt" ;'), 'a "b" \\ ;c.txt');
  assert.equal(fileNameOf("attachment; filename=\"x\"; filename*=UTF-8''%D1%84%20%F0%9F%99%82.txt"), "ф 🙂.txt");
  assert.equal(fileNameOf("attachment; filename*=iso-8859-1'en'%A3.txt; filename=x"), "£.txt");
});

Deno.test("fileNameOf reads raw UTF-8 as clients send it, and Latin-1 where it is none", () => {
  assert.equal(fileNameOf(wire('attachment; filename="файл 🙂.txt"')), "файл 🙂.txt");
  assert.equal(fileNameOf('attachment; filename="caf\xe9"'), "café");
});

Deno.test("fileNameOf refuses malformed fields", () => {
  const bad = [
    "",
    "; filename=a",
    'attachment; filename="a',
    "attachment; filename=a b",
    "attachment; filename*=a.txt",
    "attachment; filename*=UTF-8''%D1",
    "attachment; filename*=UTF-8''%zz",
    "attachment; filename*=koi8-r''%C6",
    'attachment; filename="a" filename="b"',
  ];
  for (const field of bad) {
    assert.throws(() => fileNameOf(field), (e) => e instanceof Problem && e.code === "invalid_request", field);
  }
});

Deno.test("attachment keeps any name whole, and what it writes is ASCII", () => {
  assert.equal(attachment("a b.txt"), 'attachment; filename="a b.txt"');
  for (const name of ["отчёт.txt", "🙂", 'a"b', "50%.txt", "it's (1)*.txt", "a\\b", "naïve"]) {
    const field = attachment(name);
    assert.match(field, /^[\x20-\x7e]*$/);
    assert.equal(fileNameOf(field), name);
  }
});
