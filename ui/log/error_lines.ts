/** Which lines of an output speak of an error. */

const WORDS =
  /(?:^|[^\p{L}\d_-])(?:errors?|fatal|panic(?:ked)?|exception|traceback|fail(?:ed|ure)?|segmentation fault|cannot|denied|no such file|not found|critical|ошибк[аиу]|не удалось|сбой)(?![\p{L}\d_])/iu;
/** `TypeError: …`, `java.io.IOException` */
const CLASSES = /[A-Z][A-Za-z]+(?:Error|Exception)\b/;
/** `0 errors`, `no errors`, `errors: 0`. */
const NONE = /\b(?:0|no) (?:errors?|failures?|failed)\b|\b(?:errors?|failures?|failed)\s*[:=]\s*0\b/i;

export function isErrorLine(line: string): boolean {
  return (WORDS.test(line) || CLASSES.test(line)) && !NONE.test(line);
}

/**
 * The index of the next such line after `from` in `direction`, round the end if need be; -1 where there is none.
 * `line`: the text at an index from 0 to `count`.
 */
export function nextErrorLine(line: (index: number) => string, count: number, from: number, direction: 1 | -1): number {
  for (let i = 1; i <= count; i++) {
    const index = (from + i * direction + count * 2) % count;
    if (isErrorLine(line(index))) return index;
  }
  return -1;
}
