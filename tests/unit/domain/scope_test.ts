import assert from "node:assert/strict";
import { covers, isScope, RESOURCES, type Scope, SCOPES } from "../../../lib/domain/scope.ts";

Deno.test("every resource can be read and written by scopes of its own, and admin is one more", () => {
  assert.deepEqual(SCOPES, [...RESOURCES.flatMap((name) => [`${name}:read`, `${name}:write`]), "admin"]);
  for (const scope of SCOPES) assert.ok(isScope(scope));
  for (const other of ["", "jobs", "jobs:", "jobs:run", "Admin", "admin ", "toString"]) {
    assert.ok(!isScope(other), other);
  }
});

Deno.test("a scope covers itself, writing covers reading of the same resource, admin covers all, and nothing else covers anything", () => {
  for (const granted of SCOPES) {
    for (const needed of SCOPES) {
      const expected = granted === "admin" || granted === needed || granted.replace(":write", ":read") === needed;
      assert.equal(covers([granted], needed), expected, `${granted} for ${needed}`);
    }
  }
});

Deno.test("several scopes together cover what one of them covers, none cover nothing", () => {
  const granted: Scope[] = ["keys:read", "jobs:write"];
  assert.ok(covers(granted, "jobs:read") && covers(granted, "keys:read"));
  assert.ok(!covers(granted, "keys:write") && !covers([], "keys:read"));
});
