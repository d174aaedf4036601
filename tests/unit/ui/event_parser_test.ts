import assert from "node:assert/strict";
import { EventParser } from "../../../ui/api/event_parser.ts";

Deno.test("events are taken out of a stream wherever it is cut", () => {
  const text =
    'retry: 2000\n\nid: 7\n\nid: 8\nevent: job\ndata: {"a":1}\n\n: alive\n\nevent: x\ndata: one\ndata:two\n\n';
  for (let cut = 1; cut < text.length; cut++) {
    const parser = new EventParser();
    const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
    assert.deepEqual(events, [{ type: "job", data: '{"a":1}' }, { type: "x", data: "one\ntwo" }]);
    assert.equal(parser.lastId, "8");
  }
});

Deno.test("an id without data moves the place on and is no event; half an event is none yet", () => {
  const parser = new EventParser();
  assert.deepEqual([...parser.push("id: 12\n\n")], []);
  assert.equal(parser.lastId, "12");
  assert.deepEqual([...parser.push("id: 13\ndata: x\n")], []);
  assert.equal(parser.lastId, "12");
});
