/**
 * How long short commands take from their start to their end, against a service with 100 jobs: `deno task bench cli_start`.
 * With STINT_EXECUTABLE the executable, else the sources.
 */

import { program } from "../tests/helpers/program.ts";
import { startService } from "../tests/helpers/service.ts";

const ROUNDS = Number(Deno.args[0] ?? 15);

const { command, args } = program();
await using service = await startService();
for (let i = 0; i < 100; i++) {
  await service.call("POST", "/api/jobs", { json: { command: "true" }, headers: { prefer: "wait=60" } });
}

console.log("| command | median | fastest |\n| --- | --- | --- |");
for (const words of [["--version"], ["help"], ["get", "nothing"], ["ps"], ["ps", "-a"]]) {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const begin = performance.now();
    const child = new Deno.Command(command, {
      args: [...args, ...words],
      env: { STINT_SERVER: service.url },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    await child.output();
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  const ms = (time: number) => `${Math.round(time)} ms`;
  console.log(`| stint ${words.join(" ")} | ${ms(times[Math.floor(times.length / 2)]!)} | ${ms(times[0]!)} |`);
}
