const longest = 4_000;
/** Control characters, line separators, and what turns the direction of text: each can forge a line on a terminal. */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text of a guest as one line that is safe to show and to log; cut at 4,000 characters. */
export function cleanLine(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
  return cut.replace(unsafe, (character) =>
    character === '\n'
      ? '\\n'
      : character === '\t'
        ? ' '
        : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
