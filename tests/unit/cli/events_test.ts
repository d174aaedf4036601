import assert from "node:assert/strict";
import { EventParser } from "../../../cli/api/events.ts";

const STREAM =
  'retry: 2000\n\n: hello\n\nid: 3\n\nid: 7-0\r\nevent: stdout\r\ndata: {"a":\r\ndata:1}\r\n\r\ndata: x\n\n';
const EVENTS = [
  { id: "3", event: "message", data: "" },
  { id: "7-0", event: "stdout", data: '{"a":\n1}' },
  { id: "7-0", event: "message", data: "x" },
];

Deno.test("events come out the same however the stream is cut into pieces", () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const parser = new EventParser();
    const events = [];
    for (let i = 0; i < STREAM.length; i += size) events.push(...parser.push(STREAM.slice(i, i + size)));
    assert.deepEqual(events, EVENTS, `pieces of ${size}`);
  }
});

Deno.test("an event that is not finished is none yet", () => {
  const parser = new EventParser();
  assert.deepEqual(parser.push("id: 1\ndata: a\n"), []);
  assert.deepEqual(parser.push("\n"), [{ id: "1", event: "message", data: "a" }]);
});
