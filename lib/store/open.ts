import { BackgroundCheck } from "./check/background_check.ts";
import { openForReading } from "./database.ts";
import { lockDirectory } from "./directory_lock.ts";
import { DatabaseDamaged, messageOf, Untrustworthy } from "./errors.ts";
import { Journal } from "./journal/journal.ts";
import { KeyJournal } from "./journal/key_journal.ts";
import { KeyCache } from "./key_cache.ts";
import { Marker } from "./marker/marker.ts";
import { placesIn, prepare, type Prepared } from "./prepare.ts";
import { type KeySource, SqliteKeyReader } from "./readers/key_reader.ts";
import { isDamage, isDiskFull } from "./sqlite_error.ts";
import { ChangeNotice, SqliteStore } from "./sqlite_store.ts";
import type { Store } from "../services/ports/store.ts";
import { WriterClient } from "./writer_client.ts";

export { DatabaseDamaged, DatabaseTooNew, DataLost, DirectoryInUse } from "./errors.ts";

export interface StoreOptions {
  /** Made, for the owner only, when it is not there. */
  directory: string;
  /** How many changes the feed keeps; at least 1. */
  keepChanges?: number;
  /** Goes on with a database that is older than what was acknowledged, where it would be refused otherwise. */
  acceptDataLoss?: boolean;
  /** Hears of what went wrong without anybody having asked for it. */
  warn?: (message: string) => void;
  /** Hears of damage that was found. */
  alarm?: (message: string) => void;
  /** For tests that show that they would see what the default prevents. */
  synchronous?: "FULL" | "NORMAL";
}

/**
 * Opens the SQLite store of one machine and takes its directory.
 * @throws {DirectoryInUse} another process has it
 * @throws {DatabaseTooNew} a later release has written it
 * @throws {DatabaseDamaged}
 * @throws {DataLost} what was acknowledged is not there
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { directory, keepChanges = 100_000, warn = () => {}, alarm = warn, synchronous = "FULL" } = options;
  const lock = await lockDirectory(directory);
  // What is open so far, to be let go of when it comes to nothing.
  const opened: (() => void | Promise<void>)[] = [];
  const { path, ballast, marker: markerPath, journal: journalPath } = placesIn(directory);
  try {
    const { record, serial, doubtful, warning } = await prepareSomehow(directory, options.acceptDataLoss ?? false);
    const changes = new ChangeNotice();
    const cache = new KeyCache();
    const db = openForReading(path);
    opened.push(() => db.close());
    const source: KeySource = {
      cache,
      version: () => writer.version,
      unapplied: (key) => journal?.unapplied.get(key),
      settled: () => writer.settled(),
    };
    const keys = new SqliteKeyReader(db, source);
    const file = await openJournal(journalPath, synchronous === "FULL", warn);
    if (file) opened.push(() => file.close());
    const journal = file && new KeyJournal(file, record.identity, serial, cache, (key) => keys.row(key));
    const marker = new Marker(markerPath, record, warn, (error) => writer.distrust(error));
    opened.push(() => marker.close());
    marker.enter("open");
    const writer: WriterClient = await WriterClient.open(
      { path, ballast, keepChanges: Math.max(1, keepChanges), identity: record.identity, synchronous },
      { cache, marker, journal, onChange: () => changes.announce(), warn },
    );
    const check = new BackgroundCheck(path, {
      onFaults: (faults) => writer.condemn(`The database is damaged: ${faults.join(", ")}`),
      onRows: (rows) => alarm(`Damaged rows were found: ${some(rows)}. Write them anew, or restore a copy.`),
      onFailure: (reason) => warn(`The database could not be looked through: ${reason}`),
    });
    if (warning) warn(warning);
    if (doubtful) check.run();
    return new SqliteStore(lock, db, keys, writer, changes, check, Math.max(1, keepChanges));
  } catch (error) {
    for (const close of opened.reverse()) await close();
    lock.release();
    const damaged = isDamage(error) || (error instanceof Untrustworthy && error.damaged);
    throw damaged ? new DatabaseDamaged(path, messageOf(error), error) : error;
  }
}

/** Undefined where there is no room for it: the store does without. */
async function openJournal(
  path: string,
  synced: boolean,
  warn: (message: string) => void,
): Promise<Journal | undefined> {
  try {
    return await Journal.open(path, synced);
  } catch (error) {
    warn(`Writes are slower than they could be, since ${path} could not be made: ${messageOf(error)}`);
    return undefined;
  }
}

/** Even reading needs some room: on a full disk the reserve is given up for that. */
async function prepareSomehow(directory: string, acceptDataLoss: boolean): Promise<Prepared> {
  try {
    return await prepare(directory, acceptDataLoss);
  } catch (error) {
    if (!isDiskFull(error) || !await removed(placesIn(directory).ballast)) throw error;
    return await prepare(directory, acceptDataLoss);
  }
}

async function removed(path: string): Promise<boolean> {
  try {
    await Deno.remove(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function some(names: string[]): string {
  return names.length <= 10 ? names.join(", ") : `${names.slice(0, 10).join(", ")} and ${names.length - 10} more`;
}
