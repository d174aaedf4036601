/** A file as a request's body. */

/** The file from byte `from` on, read as the server takes it. `onBytes` hears of each piece. */
export async function bodyOf(
  path: string,
  from: number,
  onBytes: (bytes: Uint8Array) => void,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const file = await Deno.open(path);
  await file.seek(from, Deno.SeekMode.Start);
  return file.readable.pipeThrough(
    new TransformStream({
      transform(bytes: Uint8Array<ArrayBuffer>, controller) {
        onBytes(bytes);
        controller.enqueue(bytes);
      },
    }),
  );
}
