/** The writer's thread: takes messages, answers them. Everything of substance is in `writer/`. */

import type { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers";
import type { Commit } from "../services/ports/store.ts";
import { openForWriting } from "./database.ts";
import type { FromWriter, ToWriter, WriterOptions } from "./messages.ts";
import { messageOf, Untrustworthy } from "./errors.ts";
import { Marker } from "./marker/marker.ts";
import { packAnswers, unpack } from "./packing.ts";
import { isDamage, isDiskFull } from "./sqlite_error.ts";
import { Ballast } from "./writer/ballast.ts";
import { Leftovers } from "./writer/leftovers.ts";
import { OutputIndex, type Steps } from "./writer/output_index.ts";
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

let db: DatabaseSync;
let writer: Writer;
let marker: Marker;
let output: OutputIndex;
let leftovers: Leftovers;
const tasks: Task[] = [];
let stepping = false;
let dead = false;

port.onmessage = ({ data }) => {
  if (dead) return;
  guard(() => {
    switch (data.type) {
      case "open":
        return open(data.options);
      case "packed":
        return commit(unpack(data.commits));
      case "commits":
        commit(data.commits);
        if (data.commits.some(removesJob)) enqueue({ steps: output.collect() });
        return;
      case "index":
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
  marker = new Marker(
    options.marker,
    options.record,
    (message) => port.postMessage({ type: "warning", message }),
    guard,
  );
  marker.enter("open");
  writer = new Writer(db, {
    ballast: new Ballast(options.ballast),
    keepChanges: options.keepChanges,
    onDisk: (version) => marker.advance(version),
  });
  output = new OutputIndex(db, writer);
  leftovers = new Leftovers(db, writer);
  enqueue({ steps: output.collect() });
  port.postMessage({ type: "opened", version: writer.version() });
}

function commit(commits: Commit[]): void {
  const answers = writer.commitAll(commits);
  const packed = packAnswers(answers);
  const version = writer.version();
  port.postMessage(packed ? { type: "packed", answers: packed, version } : { type: "answers", answers, version });
}

function enqueue(task: Task): void {
  tasks.push(task);
  if (stepping) return;
  stepping = true;
  setImmediate(step);
}

/** One step, then back to the messages: commits go first. */
function step(): void {
  if (dead) return;
  guard(() => {
    const task = tasks[0];
    if (task) advance(task);
  });
  stepping = tasks.length > 0;
  if (stepping) setImmediate(step);
}

function advance(task: Task): void {
  try {
    if (!task.steps.next().done) return;
    tasks.shift();
    if (task.request !== undefined) port.postMessage({ type: "done", request: task.request });
  } catch (error) {
    if (error instanceof Untrustworthy) throw error;
    tasks.shift();
    if (isDiskFull(error)) writer.makeRoom();
    const refused = refusal(error);
    if (task.request !== undefined) port.postMessage({ type: "done", request: task.request, refusal: refused });
    else port.postMessage({ type: "warning", message: `Old output could not be removed. ${refused.message}` });
  }
}

/** An error that nothing below has an answer to ends the writer: it says so and does no more. */
function guard(work: () => void): void {
  try {
    work();
  } catch (error) {
    dead = true;
    const damaged = isDamage(error) || (error instanceof Untrustworthy && error.damaged);
    if (damaged) markSuspect();
    port.postMessage({ type: "fatal", reason: messageOf(error), damaged });
  }
}

function markSuspect(): void {
  try {
    // It may not even have come so far as to open it.
    (marker as Marker | undefined)?.enter("suspect");
  } catch (error) {
    port.postMessage({ type: "warning", message: `The marker could not be written: ${messageOf(error)}` });
  }
}

function close(): void {
  dead = true;
  // On a full disk the log stays; the next start takes it in.
  writer.checkpoint();
  db.close();
  marker.enter("closed");
  marker.close();
  port.postMessage({ type: "closed" });
  port.close();
}

function removesJob(commit: { changes: { kind: string; value?: unknown }[] }): boolean {
  return commit.changes.some((change) => change.kind === "job" && change.value === null);
}
