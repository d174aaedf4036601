/** A file as a request's body. */

/**
 * Bytes of a piece. With its frame (RFC 9112, section 7.1) it fits into the 64 KiB that the server's runtime reads at once:
 * where each piece was 64 KiB and its frame a few bytes more, an upload took four to ten times as long (Deno 2.9.6).
 */
export const PIECE = 65_520;

/** The file from byte `from` on, read as the server takes it. `onBytes` hears of each piece. */
export async function bodyOf(
  path: string,
  from: number,
  onBytes: (bytes: Uint8Array) => void,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const file = await Deno.open(path);
  await file.seek(from, Deno.SeekMode.Start);
  return new ReadableStream({
    async pull(controller) {
      const room = new Uint8Array(PIECE);
      const read = await file.read(room).catch((error: unknown) => {
        file.close();
        throw error;
      });
      if (read === null) {
        file.close();
        return controller.close();
      }
      const bytes = room.subarray(0, read);
      onBytes(bytes);
      controller.enqueue(bytes);
    },
    cancel: () => file.close(),
  }, { highWaterMark: 0 });
}
