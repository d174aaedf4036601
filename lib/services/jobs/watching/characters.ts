/** Text that is cut into pieces without harm to its characters. */

/**
 * How many of the bytes make up whole characters: fewer than all when the last one is begun and may be completed by up
 * to three bytes more (RFC 3629, section 4; Unicode's table 3-7 of what may follow what). Bytes that can become no
 * character are not waited for.
 */
export function wholeCharacters(bytes: Uint8Array): number {
  const size = bytes.length;
  for (let back = 1; back <= Math.min(3, size); back++) {
    const at = size - back;
    const byte = bytes[at]!;
    if ((byte & 0xc0) === 0x80) continue;
    return back < lengthFrom(byte) && follows(byte, bytes[at + 1]) ? at : size;
  }
  return size;
}

/** How many bytes a character has that begins with this one; 1 where none does. */
function lengthFrom(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 1;
}

/** Whether the second byte, if it is there, may follow the first. */
function follows(first: number, second: number | undefined): boolean {
  if (second === undefined) return true;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  return second >= least && second <= most;
}
