import assert from "node:assert/strict";
import { authorityOf, callerOf, isLoopback, parseAuthority } from "../../lib/addresses.ts";

Deno.test("an authority is a name or address and perhaps a port, and nothing else", () => {
  assert.deepEqual(parseAuthority("Example.org:80"), { name: "example.org", port: "80" });
  assert.deepEqual(parseAuthority("[::1]:8080"), { name: "[::1]", port: "8080" });
  assert.deepEqual(parseAuthority("example.org."), { name: "example.org", port: "" });
  for (const bad of ["", "a b", "u@evil", "evil/x?", "a:b", "a:", "::1", "a, b", "a\t", "a:123456", "[::1", "ö"]) {
    assert.equal(parseAuthority(bad), undefined, bad);
  }
});

Deno.test("the authority of a URL is found in URLs that cannot be parsed", () => {
  assert.equal(authorityOf("http://a b/c"), "a b");
  assert.equal(authorityOf("http://u@evil/x?/a"), "u@evil");
  assert.equal(authorityOf("https://[::1]:80"), "[::1]:80");
});

Deno.test("an IPv6 caller is its /64 network, however it is written", () => {
  const caller = (hostname: string) => callerOf({ transport: "tcp", hostname, port: 1 });
  assert.equal(caller("192.0.2.1"), "192.0.2.1");
  assert.equal(caller("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(caller("2001:db8:1:2:3:4:5:6"), caller("2001:db8:1:2::9"));
  assert.notEqual(caller("2001:db8:1:2::9"), caller("2001:db8:1:3::9"));
  assert.equal(caller("::1"), "0:0:0:0::/64");
});

Deno.test("loopback is 127.0.0.0/8, ::1 and localhost", () => {
  assert(["localhost", "[::1]", "127.1.2.3"].every(isLoopback));
  assert(!["0.0.0.0", "localhost.evil.example", "::"].some(isLoopback));
});
