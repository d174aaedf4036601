/** Long answers at constant memory. */

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The same stream, for an answer: a piece's memory is given back as soon as the next piece is asked for, which the runtime
 * does only when the network has its own hold of it. Left to the garbage collector, pieces outgrow the memory: it does not see
 * what they weigh, and Deno 2.4.2 kept all of a file of 1 GiB that way.
 */
export function givingBack(stream: ReadableStream<Bytes>): ReadableStream<Bytes> {
  const reader = stream.getReader();
  let given: ArrayBuffer | undefined;
  return new ReadableStream({
    async pull(controller) {
      // Transferred to nowhere: what the network holds stays, what JavaScript holds is empty.
      given?.transfer(0);
      given = undefined;
      const { done, value } = await reader.read();
      if (done) return controller.close();
      given = value.buffer;
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
