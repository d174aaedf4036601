import { run } from "./cli/main.ts";

// Everything it creates is its user's alone.
Deno.umask(0o077);
Deno.exit(await run(Deno.args));
