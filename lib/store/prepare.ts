/** What has to be true before a store is opened: the database is whole, and is what was acknowledged. */

import { join } from "node:path";
import { allFaults } from "./check/check.ts";
import { openForReading, openForWriting, prepareDatabase, sizeOf } from "./database.ts";
import { DatabaseDamaged, DataLost } from "./errors.ts";
import { continueAfter, identityOf, versionOf } from "./identity.ts";
import { type Group, identityNumber } from "./journal/group.ts";
import { following, readJournal } from "./journal/journal.ts";
import { readMarker, writeMarker } from "./marker/marker.ts";
import type { MarkerRecord } from "./marker/record.ts";
import { Ballast } from "./writer/ballast.ts";
import { Writer } from "./writer/writer.ts";

export interface Prepared {
  record: MarkerRecord;
  /** The highest serial of a group in the journal. */
  serial: number;
  /** Whether the whole database should be looked through: it was not closed, or its marker was missing. */
  doubtful: boolean;
  /** What people should hear of. */
  warning?: string;
}

/** The files of a store. */
export function placesIn(directory: string): { path: string; ballast: string; marker: string; journal: string } {
  const [path, ballast, marker, journal] = ["stint.db", "ballast", "marker", "journal"].map((n) => join(directory, n));
  return { path: path!, ballast: ballast!, marker: marker!, journal: journal! };
}

/**
 * Makes the database or brings it up to date, and holds it against its marker.
 * `acceptDataLoss`: goes on with a database that is older than what was acknowledged.
 * @throws {DatabaseTooNew}
 * @throws {DatabaseDamaged}
 * @throws {DataLost}
 */
export async function prepare(directory: string, acceptDataLoss: boolean): Promise<Prepared> {
  const { path, marker: markerPath, journal } = placesIn(directory);
  const marker = await readMarker(markerPath);
  const isNew = await sizeOf(path) === null;
  const loss = isNew ? lossOfAll(marker) : undefined;
  if (loss && !acceptDataLoss) throw new DataLost(path, loss);
  const { marked } = await prepareDatabase(path);
  const found = openedForReading(path, (db) => ({ identity: identityOf(db), version: versionOf(db) }));
  const groups = await readJournal(journal, identityNumber(found.identity));
  const chain = following(groups, found.version);
  for (const { count } of chain) found.version += count;
  const difference = loss ?? differenceOf(marker, found);
  if (difference && !acceptDataLoss) throw new DataLost(path, difference);
  takeIn(directory, chain);
  if (difference) {
    const version = Math.max(found.version, marker?.version ?? 0);
    const db = openForWriting(path);
    continueAfter(db, version);
    db.close();
    found.version = version;
  }
  if (marker?.state === "suspect") lookThrough(path);
  const record: MarkerRecord = { ...found, state: "open" };
  if (!marker || difference) await writeMarker(markerPath, record);
  const missing = marker === undefined && marked;
  return {
    record,
    serial: groups.reduce((highest, group) => Math.max(highest, group.serial), 0),
    doubtful: missing || marker?.state === "open",
    ...(missing &&
      { warning: `The file ${markerPath} was missing: nobody can tell whether the database is the latest.` }),
  };
}

/** What was acknowledged and stands in the journal only goes into the database. */
function takeIn(directory: string, groups: Group[]): void {
  if (groups.length === 0) return;
  const { path, ballast } = placesIn(directory);
  const db = openForWriting(path);
  try {
    new Writer(db, { ballast: new Ballast(ballast), keepChanges: Infinity }).take(groups);
  } finally {
    db.close();
  }
}

function lossOfAll(marker: MarkerRecord | null | undefined): string | undefined {
  if (marker === undefined) return undefined;
  const was = marker === null ? "there is a marker beside it" : `the marker beside it says version ${marker.version}`;
  return `the file is missing, though ${was}`;
}

function differenceOf(
  marker: MarkerRecord | null | undefined,
  found: { identity: string; version: number },
): string | undefined {
  if (marker === undefined) return undefined;
  if (marker === null) return "the marker beside it cannot be read, so that nobody can tell";
  if (marker.identity !== found.identity) return "the marker beside it belongs to another database";
  if (marker.version <= found.version) return undefined;
  return `it is at version ${found.version}, the marker beside it says ${marker.version}`;
}

/** @throws {DatabaseDamaged} */
function lookThrough(path: string): void {
  const faults = openedForReading(path, allFaults);
  if (faults.length > 0) throw new DatabaseDamaged(path, faults.join(", "));
}

function openedForReading<T>(path: string, work: (db: ReturnType<typeof openForReading>) => T): T {
  const db = openForReading(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}
