/** The writer's thread: takes messages, answers them. Everything of substance is in `writer/`. */

import type { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers";
import type { Commit } from "../services/ports/store.ts";
import { openForWriting } from "./database.ts";
import { groupsIn, identityNumber } from "./journal/group.ts";
import type { FromWriter, Refusal, ToWriter, WriterOptions } from "./messages.ts";
import { messageOf, Untrustworthy } from "./errors.ts";
import { packAnswers, unpack } from "./packing.ts";
import { isDamage, isDiskFull } from "./sqlite_error.ts";
import { Ballast } from "./writer/ballast.ts";
import { Leftovers } from "./writer/leftovers.ts";
import { OutputIndex, type Steps } from "./writer/output_index.ts";
import { TextMerges } from "./writer/text_merges.ts";
import { Upkeep } from "./writer/upkeep.ts";
import { refusal } from "./writer/refusal.ts";
import { Writer } from "./writer/writer.ts";

interface Port {
  postMessage(message: FromWriter): void;
  onmessage: ((event: MessageEvent<ToWriter>) => void) | null;
  close(): void;
}
/** The compiler takes this file for one of a page, like all the others. */
const port = globalThis as unknown as Port;

interface Task {
  steps: Steps;
  request?: number;
}

/** Every so manyeth step is one of upkeep, if there is any to do. */
const UPKEEP_TURN = 8;

let db: DatabaseSync;
let writer: Writer;
let output: OutputIndex;
let leftovers: Leftovers;
let upkeep: Upkeep;
const tasks: Task[] = [];
let stepping = false;
let turns = 0;
let dead = false;
let identity: number;
/** Why the database lacks what the journal has; nothing can be committed until that is taken over. */
let behind: Refusal | undefined;

port.onmessage = ({ data }) => {
  if (dead) return;
  guard(() => {
    switch (data.type) {
      case "open":
        return open(data.options);
      case "packed":
        return commit(unpack(data.commits));
      case "take":
        return take(data.groups);
      case "commits":
        commit(data.commits);
        if (data.commits.some(removesJob)) enqueue({ steps: output.collect() });
        upkeep.wrote(data.commits.length);
        return;
      case "index":
        upkeep.wrote(1);
        return enqueue({ steps: output.index(data.jobId, data.texts), request: data.request });
      case "drop":
        return enqueue({ steps: output.drop(data.jobId), request: data.request });
      case "forget":
        return enqueue({ steps: leftovers.forget(data.jobIds), request: data.request });
      case "condemn":
        throw new Untrustworthy(data.reason, { damaged: true });
      case "close":
        return close();
    }
  });
};

function open(options: WriterOptions): void {
  db = openForWriting(options.path);
  if (options.synchronous !== "FULL") db.exec(`PRAGMA synchronous = ${options.synchronous}`);
  identity = identityNumber(options.identity);
  writer = new Writer(db, {
    ballast: new Ballast(options.ballast),
    keepChanges: options.keepChanges,
  });
  output = new OutputIndex(db, writer);
  leftovers = new Leftovers(db, writer);
  upkeep = new Upkeep(new TextMerges(db, writer), start);
  enqueue({ steps: output.collect() });
  port.postMessage({ type: "opened", version: writer.version() });
}

function commit(commits: Commit[]): void {
  const refused = behind;
  const answers = refused ? commits.map(() => refused) : writer.commitAll(commits);
  const packed = packAnswers(answers);
  const after = { version: writer.version(), room: writer.hasRoom };
  port.postMessage(packed ? { type: "packed", answers: packed, ...after } : { type: "answers", answers, ...after });
}

function take(groups: Uint8Array): void {
  behind = undefined;
  try {
    writer.take([...groupsIn(groups, identity)]);
  } catch (error) {
    if (error instanceof Untrustworthy) throw error;
    behind = refusal(error);
  }
  const after = { version: writer.version(), room: writer.hasRoom };
  port.postMessage({ type: "taken", ...after, ...(behind && { refusal: behind }) });
}

function enqueue(task: Task): void {
  tasks.push(task);
  start();
}

function start(): void {
  if (stepping) return;
  stepping = true;
  setImmediate(step);
}

/** One step, then back to the messages: commits go first. */
function step(): void {
  if (dead) return;
  guard(() => {
    const task = nextTask();
    if (task) advance(task);
  });
  stepping = tasks.length > 0 || upkeep.steps !== undefined;
  if (stepping) setImmediate(step);
}

/** Somebody waits for most tasks, so these go before upkeep, but not for ever. */
function nextTask(): Task | undefined {
  const last: Task | undefined = upkeep.steps && { steps: upkeep.steps };
  return last && ++turns % UPKEEP_TURN === 0 ? last : tasks[0] ?? last;
}

/** What is over, or has failed, is not gone on with. */
function forget(task: Task): void {
  if (task === tasks[0]) tasks.shift();
  else upkeep.done();
}

function advance(task: Task): void {
  try {
    if (!task.steps.next().done) return;
    forget(task);
    if (task.request !== undefined) port.postMessage({ type: "done", request: task.request });
  } catch (error) {
    if (error instanceof Untrustworthy) throw error;
    forget(task);
    if (isDiskFull(error)) writer.makeRoom();
    const refused = refusal(error);
    if (task.request !== undefined) port.postMessage({ type: "done", request: task.request, refusal: refused });
    else port.postMessage({ type: "warning", message: `The store could not tidy up. ${refused.message}` });
  }
}

/** An error that nothing below has an answer to ends the writer: it says so and does no more. */
function guard(work: () => void): void {
  try {
    work();
  } catch (error) {
    dead = true;
    const damaged = isDamage(error) || (error instanceof Untrustworthy && error.damaged);
    letGo();
    port.postMessage({ type: "fatal", reason: messageOf(error), damaged });
  }
}

/** Nobody else is to find it locked by a transaction that will never end. */
function letGo(): void {
  try {
    (db as DatabaseSync | undefined)?.close();
  } catch (error) {
    port.postMessage({ type: "warning", message: `The database could not be closed: ${messageOf(error)}` });
  }
}

function close(): void {
  dead = true;
  upkeep.close();
  // On a full disk the log stays; the next start takes it in.
  writer.checkpoint();
  db.close();
  port.postMessage({ type: "closed" });
  port.close();
}

function removesJob(commit: { changes: { kind: string; value?: unknown }[] }): boolean {
  return commit.changes.some((change) => change.kind === "job" && change.value === null);
}
