/** Characters (UTF-16 units) in a chunk: small enough that indexing one does not hold up commits for long. */
export const CHUNK = 16_384;
/** How far before a chunk's end a space is looked for. */
const SEEK = 4096;
/** What two chunks have in common where there is no space: the longest word that is surely found across such a cut. */
export const OVERLAP = 1024;

/**
 * Cuts a text so that every word of it lies in one chunk: at white space, which no word holds, or else with an overlap.
 */
export function* chunks(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > CHUNK) {
    const end = start + CHUNK;
    const space = lastSpace(text, end - SEEK, end);
    if (space >= 0) {
      yield text.slice(start, space);
      start = space + 1;
    } else {
      const cut = wholeCharacter(text, end);
      yield text.slice(start, cut);
      start = wholeCharacter(text, cut - OVERLAP);
    }
  }
  if (start < text.length) yield text.slice(start);
}

function lastSpace(text: string, from: number, to: number): number {
  for (let i = to - 1; i >= from; i--) {
    const code = text.charCodeAt(i);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) return i;
  }
  return -1;
}

/** Moves a cut before a surrogate pair that it would tear. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
