/** Long bodies at constant memory. */

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The same stream, for an answer, or for a request's body whose reader is done with a piece before it asks for the next:
 * a piece's memory is given back as soon as the next is asked for. The runtime asks only when the network has its own
 * hold of an answer's piece. Left to the garbage collector, pieces outgrow the memory, since it does not see what they
 * weigh: Deno 2.4.2 kept all of a download of 1 GiB that way, 2.9.6 some 150 MB of any upload.
 *
 * It breaks off when `until` aborts, whoever still reads it.
 */
export function givingBack(stream: ReadableStream<Bytes>, until?: AbortSignal): ReadableStream<Bytes> {
  const reader = stream.getReader();
  let given: ArrayBuffer | undefined;
  let breakOff = () => {};
  const letGo = () => until?.removeEventListener("abort", breakOff);
  return new ReadableStream({
    start(controller) {
      breakOff = () => {
        letGo();
        // The runtime prints what an answer fails with: a line will do, where an error would bring its stack.
        controller.error(ENDED);
        reader.cancel(ENDED).catch(() => {/* It failed already, and nobody reads it any more. */});
      };
      until?.addEventListener("abort", breakOff);
      if (until?.aborted) breakOff();
    },
    async pull(controller) {
      // Transferred to nowhere: what the network holds stays, what JavaScript holds is empty.
      given?.transfer(0);
      given = undefined;
      try {
        const { done, value } = await reader.read();
        if (until?.aborted) return;
        if (!done) {
          given = value.buffer;
          return controller.enqueue(value);
        }
      } catch (error) {
        letGo();
        throw error;
      }
      letGo();
      controller.close();
    },
    cancel(reason) {
      letGo();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

const ENDED = "The token was revoked, or has expired, while it was in use.";
