/** Checks, applies and numbers commits, many in one transaction. Synchronous; runs in the writer's thread. */

import type { DatabaseSync } from "node:sqlite";
import type { Commit, CommitResult, Version } from "../../services/ports/store.ts";
import { Untrustworthy } from "../errors.ts";
import { changesOf, type Group } from "../journal/group.ts";
import type { Answer } from "../messages.ts";
import { DiskFull, isDiskFull } from "../sqlite_error.ts";
import type { Ballast } from "./ballast.ts";
import { CommitMemory } from "../commit_memory.ts";
import { Counters } from "./counters.ts";
import { Feed } from "./feed.ts";
import { refusal } from "./refusal.ts";
import { Subjects } from "./subjects.ts";
import { Transactions } from "./transactions.ts";

/** How many answers are remembered for commits that come again. */
const REMEMBERED = 4096;

export interface WriterParts {
  ballast: Ballast;
  /** How many changes the feed keeps. */
  keepChanges: number;
}

export class Writer {
  readonly ballast: Ballast;
  readonly #feed: Feed;
  readonly #subjects: Subjects;
  readonly #transactions: Transactions;
  readonly #memory = new CommitMemory(REMEMBERED);

  constructor(db: DatabaseSync, { ballast, keepChanges }: WriterParts) {
    const counters = new Counters(db);
    this.ballast = ballast;
    this.#feed = new Feed(db, keepChanges);
    this.#subjects = new Subjects(db, counters, this.#feed);
    this.#transactions = new Transactions(db, counters, this.#feed);
  }

  version(): Version {
    return this.#feed.version;
  }

  /**
   * The answer to each commit, in order.
   * @throws {Untrustworthy}
   */
  commitAll(commits: Commit[]): Answer[] {
    if (!this.#hasRoom()) return commits.map((commit) => this.#commitWithoutRoom(commit));
    try {
      return this.#commitTogether(commits);
    } catch (error) {
      if (error instanceof Untrustworthy) throw error;
      // One that cannot be written must not take the others down with it.
      if (commits.length > 1) return commits.flatMap((commit) => this.commitAll([commit]));
      if (!isDiskFull(error)) return [refusal(error)];
      this.makeRoom();
      return [this.#commitWithoutRoom(commits[0]!)];
    }
  }

  /**
   * Takes over what the journal has: groups of changes of keys, which are on disk and have been acknowledged. Those that
   * the database has already are left out.
   * @throws {Untrustworthy}
   */
  take(groups: Group[]): void {
    const news = groups.filter(({ first }) => first > this.version());
    try {
      this.#take(news);
    } catch (error) {
      if (error instanceof Untrustworthy || !isDiskFull(error)) throw error;
      // The reserve is there for this as well. Each group in a log that is empty: so it is sure to be large enough.
      for (const group of news) {
        this.makeRoom();
        this.#take([group]);
      }
    }
  }

  /** Whether anything but removals is taken now. */
  get hasRoom(): boolean {
    return this.#hasRoom();
  }

  #take(groups: Group[]): void {
    if (groups.length === 0) return;
    this.transaction(() => this.#subjects.take(groups.flatMap(changesOf), groups[0]!.first));
  }

  /**
   * Runs `work` and puts what it wrote on disk.
   * @throws {Untrustworthy}
   */
  transaction<T>(work: () => T): T {
    return this.#transactions.run(work);
  }

  /** Takes the write-ahead log into the database and empties it. False when there was no room for that. */
  checkpoint(): boolean {
    return this.#transactions.checkpoint();
  }

  /** Gives up the ballast and empties the write-ahead log into the database, for which the ballast is large enough. */
  makeRoom(): void {
    this.ballast.release();
    this.checkpoint();
  }

  /** @throws {DiskFull} when only removals may write. */
  needRoom(): void {
    if (!this.#hasRoom()) throw new DiskFull();
  }

  #hasRoom(): boolean {
    return this.ballast.ready(() => this.checkpoint());
  }

  /** While the reserve is used up, only what removes is let through: what else came would take its room from that. */
  #commitWithoutRoom(commit: Commit): Answer {
    const known = this.#memory.get(commit.id);
    if (known) return known;
    if (commit.changes.some((change) => change.value || (change.kind === "key" && change.add))) {
      return refusal(new DiskFull());
    }
    try {
      return this.#commitTogether([commit])[0]!;
    } catch (error) {
      if (error instanceof Untrustworthy) throw error;
      return refusal(error);
    }
  }

  #commitTogether(commits: Commit[]): CommitResult[] {
    const answers = this.transaction(() => this.#applyAll(commits));
    commits.forEach((commit, i) => this.#memory.set(commit.id, answers[i]!));
    return answers;
  }

  #applyAll(commits: Commit[]): CommitResult[] {
    const answers: CommitResult[] = [];
    let own: Map<string, CommitResult> | undefined;
    for (const commit of commits) {
      const answer = this.#memory.get(commit.id) ?? own?.get(commit.id) ?? this.#subjects.apply(commit);
      if (commits.length > 1) (own ??= new Map()).set(commit.id, answer);
      answers.push(answer);
    }
    return answers;
  }
}
