import { equal, ok } from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { type Service, startService } from "../helpers/service.ts";
import { type Answer, type Expectation, type Operation, whyNot } from "./support/linearizability.ts";
import { rounds } from "./support/rounds.ts";

const CLIENTS = 12;
const KEYS = ["one", "two", "three", "four"];
/** How often the service is killed within one history. */
const KILLS = 4;
/** Calls and answers between two kills. */
const ROUND = 200;
const OUTCOMES: Answer["outcome"][] = ["found", "missing", "put", "deleted", "refused"];

Deno.test("what concurrent clients see of keys, through restarts after SIGKILL, is linearizable", async () => {
  for (let i = 0; i < rounds(1); i++) {
    await using service = await startService();
    const histories = await record(service, KILLS);
    for (const [key, history] of histories) {
      const reason = whyNot(history);
      ok(reason === undefined, `${key}: ${reason}`);
    }
    ok([...histories.values()].flat().some(({ answer }) => !answer), "every operation was answered");
  }
});

Deno.test("a history of the service in which one answer is changed is not linearizable: the test would see it", async () => {
  await using service = await startService();
  const histories = await record(service, 0);
  for (const [key, history] of histories) {
    const last = history.findLastIndex(({ answer }) => answer?.outcome === "put");
    const late = Math.max(...history.map(({ called, answered }) => answered ?? called));
    const stale = history.slice(0, last).find(({ answer }) => answer?.outcome === "put")!;
    const read: Operation = {
      called: late + 1,
      answered: late + 2,
      call: { kind: "get" },
      answer: {
        outcome: "found",
        value: (stale.call as { value: string }).value,
        version: (stale.answer as { version: number }).version,
      },
    };
    equal(typeof whyNot([...history, read]), "string", key);
  }
});

/**
 * What the clients did to each key, while the service was killed and started again that often. Goes on until each kind
 * of answer was given, and two values were put under each key.
 */
async function record(service: Service, kills: number): Promise<Map<string, Operation[]>> {
  const histories = new Map(KEYS.map((key) => [key, [] as Operation[]]));
  let moment = 0;
  let value = 0;
  for (let kill = 0; kill <= kills; kill++) {
    let stopped = false;
    const cut: Operation[] = [];
    const client = async () => {
      let known: number | undefined;
      while (!stopped) {
        const key = KEYS[Math.floor(Math.random() * KEYS.length)]!;
        const call = someCall(known, () => `v${++value}`);
        const operation: Operation = { called: ++moment, call };
        histories.get(key)!.push(operation);
        const answer = await ask(service, key, call);
        if (!answer) return void cut.push(operation);
        operation.answered = ++moment;
        operation.answer = answer;
        if ("version" in answer) known = answer.version;
      }
    };
    const clients = Array.from({ length: CLIENTS }, client);
    const begun = moment;
    await eventually(
      "the clients have done enough",
      () => moment > begun + ROUND && (kill < kills || saysIt(histories)),
    );
    // Not always right after an answer.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    if (kill === kills) stopped = true;
    else await service.kill9();
    await Promise.all(clients);
    for (const operation of cut) operation.deadline = ++moment;
    if (kill < kills) await service.start();
  }
  return histories;
}

function saysIt(histories: Map<string, Operation[]>): boolean {
  const answers = [...histories.values()].map((history) => history.map(({ answer }) => answer?.outcome));
  return OUTCOMES.every((outcome) => answers.flat().includes(outcome)) &&
    answers.every((each) => each.filter((outcome) => outcome === "put").length > 1);
}

function someCall(known: number | undefined, fresh: () => string): Operation["call"] {
  const dice = Math.random();
  if (dice < 0.4) return { kind: "get" };
  const expect: Expectation | undefined = dice < 0.7 ? undefined : dice < 0.8 ? "absent" : known;
  const condition = expect === undefined ? {} : { expect };
  return Math.random() < 0.2 && expect !== "absent"
    ? { kind: "delete", ...condition }
    : { kind: "put", value: fresh(), ...condition };
}

/** Undefined when there was no answer. */
async function ask(service: Service, key: string, call: Operation["call"]): Promise<Answer | undefined> {
  const expect = call.kind === "get" ? undefined : call.expect;
  const headers: Record<string, string> = expect === undefined
    ? {}
    : expect === "absent"
    ? { "if-none-match": "*" }
    : { "if-match": `"${expect}"` };
  const method = { get: "GET", put: "PUT", delete: "DELETE" }[call.kind];
  const body = call.kind === "put" ? call.value : undefined;
  let answer;
  try {
    answer = await service.call(method, `/${key}`, { headers, body });
  } catch {
    return undefined;
  }
  const version = Number(/^"(\d+)"$/.exec(answer.headers.get("etag") ?? "")?.[1]);
  switch (answer.status) {
    case 200:
      return { outcome: "found", value: answer.text, version };
    case 404:
      return { outcome: "missing" };
    case 412:
      return { outcome: "refused" };
    case 201:
      return { outcome: "put", version, created: true };
    case 204:
      return call.kind === "delete" ? { outcome: "deleted" } : { outcome: "put", version, created: false };
    default:
      throw new Error(`${method} /${key}: ${answer.status} ${answer.text}`);
  }
}
