import { BackgroundCheck } from "./check/background_check.ts";
import { openForReading } from "./database.ts";
import { lockDirectory } from "./directory_lock.ts";
import { DatabaseDamaged, messageOf, Untrustworthy } from "./errors.ts";
import { KeyCache } from "./key_cache.ts";
import { placesIn, prepare, type Prepared } from "./prepare.ts";
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
  const { path, ballast, marker } = placesIn(directory);
  try {
    const { record, doubtful, warning } = await prepareSomehow(directory, options.acceptDataLoss ?? false);
    const changes = new ChangeNotice();
    const writer = await WriterClient.open(
      { path, ballast, keepChanges: Math.max(1, keepChanges), marker, record, synchronous },
      new KeyCache(),
      () => changes.announce(),
      warn,
    );
    const check = new BackgroundCheck(path, {
      onFaults: (faults) => writer.condemn(`The database is damaged: ${faults.join(", ")}`),
      onRows: (rows) => alarm(`Damaged rows were found: ${some(rows)}. Write them anew, or restore a copy.`),
      onFailure: (reason) => warn(`The database could not be looked through: ${reason}`),
    });
    if (warning) warn(warning);
    if (doubtful) check.run();
    return new SqliteStore(lock, openForReading(path), writer, changes, check, Math.max(1, keepChanges));
  } catch (error) {
    lock.release();
    const damaged = isDamage(error) || (error instanceof Untrustworthy && error.damaged);
    throw damaged ? new DatabaseDamaged(path, messageOf(error), error) : error;
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
