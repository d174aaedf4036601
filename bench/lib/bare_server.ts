/**
 * The runtime's own HTTP server doing nothing else: the yardstick. Prints its port. With the argument `alike` it reads the
 * header fields that Stint reads and answers with as many as Stint does: what that costs by itself.
 */
const answer = new TextEncoder().encode("v".repeat(64));
const options = { hostname: "127.0.0.1", port: 0, onListen: ({ port }: Deno.NetAddr) => console.log(port) };
const READ = ["host", "origin", "sec-fetch-site", "if-match", "if-none-match"];

if (Deno.args[0] === "alike") Deno.serve(options, alike);
else {
  Deno.serve(options, async (request) => {
    if (request.method === "GET") return new Response(answer);
    await request.arrayBuffer();
    return new Response(null, { status: 204 });
  });
}

async function alike(request: Request): Promise<Response> {
  for (const name of READ) request.headers.get(name);
  const own = { "etag": '"1234567"', "x-request-id": crypto.randomUUID() };
  if (request.method !== "GET") {
    await request.bytes();
    return new Response(null, { status: 204, headers: own });
  }
  const headers = {
    "content-type": "application/octet-stream",
    ...own,
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  };
  return new Response("v".repeat(64), { headers });
}
