/** Printable ASCII, letters with accents, and scripts whose letters nobody takes for Latin ones. */
const plain =
  /^[\x20-\x7e\u00c0-\u0130\u0134-\u0137\u0139-\u017e\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u;

/**
 * Text of a stranger for a terminal or a question: control characters, escape sequences, invisible marks, marks
 * that turn the direction of writing, and letters that look like others come out as `\u{…}`.
 * @param most characters; more are cut off with `…`
 */
export function terminalSafe(text: string, most = 120): string {
  let safe = '';
  let count = 0;
  for (const letter of text.normalize('NFC')) {
    if (count === most) return `${safe}…`;
    count += 1;
    safe += plain.test(letter) ? letter : `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`;
  }
  return safe;
}
