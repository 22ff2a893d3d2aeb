import { keywords, needBracket, systemPrefixes } from './keywords.ts';
import { type TokenClass, tokenCode } from './token-class.ts';

const slots = 4096;
const classOf = new Uint8Array(slots);
const hashOf = new Int32Array(slots);
const wordOf: (string | undefined)[] = new Array(slots);
const bracketNeeded = new Uint8Array(256);
let longest = 0;

/** Hash of a word, built one character at a time: `hash = hashStep(hash, lower-case code)`, starting from 0. */
export function hashStep(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

function insert(word: string, code: number): void {
  let hash = 0;
  for (let at = 0; at < word.length; at += 1) hash = hashStep(hash, word.charCodeAt(at));
  let slot = (hash ^ (hash >>> 15)) & (slots - 1);
  while (wordOf[slot] !== undefined) {
    if (wordOf[slot] === word) return;
    slot = (slot + 1) & (slots - 1);
  }
  classOf[slot] = code;
  hashOf[slot] = hash;
  wordOf[slot] = word;
  longest = Math.max(longest, word.length);
}

for (const [name, words] of Object.entries(keywords)) {
  for (const word of words.split(' ')) insert(word, tokenCode[name as TokenClass]);
}
for (const word of systemPrefixes.split(' ')) insert(word, tokenCode.SYSTEM);
for (const name of needBracket) bracketNeeded[tokenCode[name]] = 1;

/**
 * Class of the word `text[from, to)` in any case, or 0 when it is no keyword. Compares characters, so a word made to
 * collide with the hash of a keyword gains nothing.
 * @param hash `hashStep` over its lower-case characters
 */
export function keywordClass(text: string, from: number, to: number, hash: number): number {
  const length = to - from;
  if (length > longest) return 0;
  let slot = (hash ^ (hash >>> 15)) & (slots - 1);
  for (let word = wordOf[slot]; word !== undefined; word = wordOf[slot]) {
    if (hashOf[slot] === hash && word.length === length && equal(text, from, word)) return classOf[slot]!;
    slot = (slot + 1) & (slots - 1);
  }
  return 0;
}

function equal(text: string, from: number, word: string): boolean {
  for (let at = 0; at < word.length; at += 1) {
    const code = text.charCodeAt(from + at);
    const lower = code >= 65 && code <= 90 ? code + 32 : code;
    if (lower !== word.charCodeAt(at)) return false;
  }
  return true;
}

/** Whether words of this class count only with an opening bracket behind them. */
export function needsBracket(code: number): boolean {
  return bracketNeeded[code] === 1;
}
