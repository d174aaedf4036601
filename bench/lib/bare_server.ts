/** The runtime's own HTTP server doing nothing else: the yardstick. Prints its port. */
const answer = new TextEncoder().encode("v".repeat(64));
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, async (request) => {
  if (request.method === "GET") return new Response(answer);
  await request.arrayBuffer();
  return new Response(null, { status: 204 });
});
