import { keywords, needBracket, proseWords, systemPrefixes } from './keywords.ts';
import { type TokenClass, tokenCode } from './token-class.ts';

/** Hash of a word, built one character at a time: `hash = hashStep(hash, lower-case code)`, starting from 0. */
export function hashStep(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

/** An open-addressed table from word to class that is asked with a hash and a range, so that nothing is cut out. */
class WordTable {
  private readonly slots = 4096;
  private readonly classes = new Uint8Array(this.slots);
  private readonly hashes = new Int32Array(this.slots);
  private readonly words: (string | undefined)[] = new Array(this.slots);
  private longest = 0;

  insert(word: string, code: number): void {
    let hash = 0;
    for (let at = 0; at < word.length; at += 1) hash = hashStep(hash, word.charCodeAt(at));
    let slot = (hash ^ (hash >>> 15)) & (this.slots - 1);
    while (this.words[slot] !== undefined) {
      if (this.words[slot] === word) return;
      slot = (slot + 1) & (this.slots - 1);
    }
    this.classes[slot] = code;
    this.hashes[slot] = hash;
    this.words[slot] = word;
    this.longest = Math.max(this.longest, word.length);
  }

  /** Compares characters too, so a word made to collide with the hash of a keyword gains nothing. */
  find(units: Uint16Array, from: number, to: number, hash: number): number {
    const length = to - from;
    if (length > this.longest) return 0;
    let slot = (hash ^ (hash >>> 15)) & (this.slots - 1);
    for (let word = this.words[slot]; word !== undefined; word = this.words[slot]) {
      if (this.hashes[slot] === hash && word.length === length && startsWith(units, from, word)) {
        return this.classes[slot]!;
      }
      slot = (slot + 1) & (this.slots - 1);
    }
    return 0;
  }
}

const plain = new WordTable();
/** Behind these a bracket follows directly. */
const called = new WordTable();
/** Behind these blanks may stand before the bracket. */
const calledLoosely = new WordTable();

for (const [name, words] of Object.entries(keywords)) {
  const code = tokenCode[name as TokenClass];
  const function_ = needBracket.has(name as TokenClass);
  for (const word of words.split(' ')) {
    if (!function_) plain.insert(word, code);
    else called.insert(word, code);
    if (function_ && !proseWords.has(word)) calledLoosely.insert(word, code);
  }
}
for (const word of systemPrefixes.split(' ')) plain.insert(word, tokenCode.SYSTEM);

/** Families of names that grow with every release of a server, by how they begin. */
const families: readonly (readonly [prefix: string, code: number, bracket: boolean])[] = [
  ['xp_', tokenCode.XP, false],
  ['sp_', tokenCode.SP, false],
  ['pg_', tokenCode.SYSTEM, false],
  ['json_', tokenCode.F_STRING, true],
  ['jsonb_', tokenCode.F_STRING, true],
  ['dbms_', tokenCode.F_ERROR, true],
  ['utl_', tokenCode.F_ERROR, true],
  ['ctxsys.', tokenCode.F_ERROR, true],
  ['ordsys.', tokenCode.F_ERROR, true],
];
const shortestFamilyWord = 4;
const UNDERSCORE = 95;
const DOT = 46;

/**
 * Class of the word `units[from, to)` in any case, or 0 when it is no keyword.
 * @param hash `hashStep` over its lower-case characters
 * @param bracket whether an opening bracket follows, 1 directly, 2 behind blanks, 0 none: `version` is a word,
 * `version(` a function
 */
export function keywordClass(
  units: Uint16Array,
  from: number,
  to: number,
  hash: number,
  bracket: 0 | 1 | 2,
): number {
  const table = bracket === 1 ? called : calledLoosely;
  const found = bracket === 0 ? 0 : table.find(units, from, to, hash);
  return found !== 0 ? found : plain.find(units, from, to, hash);
}

/** Class of a word that is no keyword but begins like one of a family: `xp_…`, `pg_…`; else 0. */
export function familyClass(units: Uint16Array, from: number, to: number, bracket: boolean): number {
  if (to - from < shortestFamilyWord) return 0;
  // Few words have one of these signs at one of these places.
  const may =
    units[from + 2] === UNDERSCORE ||
    (bracket &&
      (units[from + 3] === UNDERSCORE ||
        units[from + 4] === UNDERSCORE ||
        units[from + 5] === UNDERSCORE ||
        units[from + 6] === DOT));
  if (!may) return 0;
  for (const [prefix, code, needed] of families) {
    if ((bracket || !needed) && startsWith(units, from, prefix)) return code;
  }
  return 0;
}

function startsWith(units: Uint16Array, from: number, word: string): boolean {
  for (let at = 0; at < word.length; at += 1) {
    const code = units[from + at]!;
    const lower = code >= 65 && code <= 90 ? code + 32 : code;
    if (lower !== word.charCodeAt(at)) return false;
  }
  return true;
}
