import { shownCharacter } from './shown-character.ts';

/** A rule of the grammar: its value, or undefined (false for a recogniser) when it does not match here. */
export type Rule<T> = (scanner: Scanner) => T;

/** What was found, or what would have been right, at one place. */
export type FaultMessage = readonly [kind: 'found' | 'refused' | 'expected', text: string];

export interface Fault {
  readonly at: number;
  readonly messages: readonly FaultMessage[];
}

const noFault: Fault = { at: 0, messages: [] };
const letter = /^\p{L}$/u;

/**
 * Reads a text by rules that look one character ahead. The texts of errors are part of the PostgREST dialect and are
 * those of Haskell's Parsec, so that library's account of errors is kept exactly: a rule that fails before it took a
 * character is an alternative that others may follow, one that fails later is final unless it was only an
 * `attempt`; of all faults since the last character taken the furthest counts, faults at the same place are listed
 * together in the order they were met.
 *
 * Keeping the account costs time, so a text is first read without (`tracing` false) and again only to explain.
 */
export class Scanner {
  readonly text: string;
  readonly tracing: boolean;
  /** Offset of the next character. After a rule failed: where it began exactly when it took nothing. */
  at = 0;
  /** Nesting of the rules that call themselves. */
  depth = 0;
  #fault: Fault = noFault;

  constructor(text: string, tracing: boolean) {
    this.text = text;
    this.tracing = tracing;
  }

  get fault(): Fault {
    return this.#fault;
  }

  /** One character of ASCII. */
  character(wanted: string): boolean {
    if (this.text[this.at] === wanted) return this.#take(1);
    if (this.tracing) this.#expect([quoted(wanted)]);
    return false;
  }

  /**
   * A word; having begun it, a mismatch is final and its fault, which stands where the word began, the only one.
   */
  word(wanted: string): boolean {
    const { text, at } = this;
    if (text.startsWith(wanted, at)) return this.#take(wanted.length);
    const same = this.#sameAs(wanted);
    if (same > 0) {
      this.at = at + 1;
      this.#fault = noFault;
    }
    if (this.tracing) this.#add(this.#wordFault(wanted, at, same));
    return false;
  }

  /** A word that may be given back. */
  attemptWord(wanted: string): boolean {
    return this.before(wanted) && this.#take(wanted.length);
  }

  /** A word in lower or upper case, character by character. */
  attemptWordInAnyCase(wanted: string): boolean {
    const start = this.at;
    for (let index = 0; index < wanted.length; index += 1) {
      if (this.text[start + index]?.toLowerCase() === wanted[index]) continue;
      if (this.tracing) this.#add({ at: start + index, messages: [this.#found(start + index)] });
      return false;
    }
    return this.#take(wanted.length);
  }

  /** Whether the word stands here; takes nothing. */
  before(wanted: string): boolean {
    if (this.text.startsWith(wanted, this.at)) return true;
    if (this.tracing) this.#add(this.#wordFault(wanted, this.at, this.#sameAs(wanted)));
    return false;
  }

  /** Whether nothing is left; takes nothing. */
  atEnd(): boolean {
    const ended = this.at >= this.text.length;
    if (this.tracing) {
      const what: FaultMessage = ended
        ? ['found', '']
        : ['refused', shownCharacter(this.#characterAt(this.at), "'")];
      this.#add({ at: this.at, messages: [expected('end of input'), what] });
    }
    return ended;
  }

  /** That this character of ASCII does not follow; takes nothing. */
  notBefore(unwanted: string): boolean {
    const { at } = this;
    if (this.text[at] === unwanted) {
      if (this.tracing) this.#add({ at: at + 1, messages: [['refused', shownCharacter(unwanted, "'")]] });
      return false;
    }
    if (this.tracing) this.#expect([quoted(unwanted)]);
    return true;
  }

  /** That the next character, if any, is one of these; takes nothing. */
  beforeOneOf(characters: string): boolean {
    const { at } = this;
    const next = this.text[at];
    if (next === undefined || characters.includes(next)) {
      if (this.tracing) this.#expect([]);
      return true;
    }
    if (this.tracing) {
      const character = this.#characterAt(at);
      this.#add({ at: at + character.length, messages: [['refused', shownCharacter(character, "'")]] });
    }
    return false;
  }

  /** Any character. */
  any(): string | undefined {
    if (this.at < this.text.length) {
      const character = this.#characterAt(this.at);
      this.#take(character.length);
      return character;
    }
    if (this.tracing) this.#expect([]);
    return undefined;
  }

  /** Characters up to one of these (ASCII) or the end, perhaps none. */
  upTo(stops: string): string {
    const start = this.at;
    let end = start;
    while (end < this.text.length && !stops.includes(this.text[end] as string)) end += 1;
    if (end > start) this.#take(end - start);
    if (this.tracing) this.#expect([]);
    return this.text.slice(start, end);
  }

  /** Everything that is left. */
  rest(): string {
    const start = this.at;
    this.#take(this.text.length - start);
    return this.text.slice(start);
  }

  /** Spaces and tabs, perhaps none. */
  blanks(): void {
    const start = this.at;
    let end = start;
    while (this.text[end] === ' ' || this.text[end] === '\t') end += 1;
    if (end > start) this.#take(end - start);
    if (this.tracing) this.#expect([]);
  }

  /** Letters of any script, digits, `_`, `$` and spaces, at least one; spaces around are cut off. */
  identifier(): string | undefined {
    const start = this.at;
    const end = this.#behindIdentifier(start);
    if (end > start) this.#take(end - start);
    if (this.tracing) this.#expect(['letter', 'digit']);
    return end > start ? this.text.slice(start, end).trim() : undefined;
  }

  /** Digits, at least one. */
  digits(): string | undefined {
    const start = this.at;
    let end = start;
    while (isDigit(this.text.charCodeAt(end))) end += 1;
    if (end > start) this.#take(end - start);
    if (this.tracing) this.#expect(['digit']);
    return end > start ? this.text.slice(start, end) : undefined;
  }

  /** A rule that gives back what it took when it fails; its fault is remembered. */
  attempt<T>(rule: Rule<T>): T {
    const start = this.at;
    const before = this.#fault;
    this.#fault = noFault;
    const result = rule(this);
    if (result === undefined || result === false) this.at = start;
    if (this.at === start) this.#fault = merged(before, this.#fault);
    return result;
  }

  /** A rule that is called by name where it fails before it took anything. */
  named<T>(name: string, rule: Rule<T>): T {
    if (!this.tracing) return rule(this);
    const start = this.at;
    const before = this.#fault;
    this.#fault = noFault;
    const result = rule(this);
    if (this.at !== start) return result;
    const own = this.#fault;
    const failed = result === undefined || result === false;
    if (failed || own.messages.length > 0) {
      const others = own.messages.filter(([kind]) => kind !== 'expected');
      this.#fault = {
        at: own.messages.length > 0 ? own.at : start,
        messages: [expected(name), ...others],
      };
    }
    this.#fault = merged(before, this.#fault);
    return result;
  }

  /** One or more, with a separator between; a separator that began must be complete and an item follow it. */
  separated<T>(item: Rule<T | undefined>, separator: Rule<boolean>): T[] | undefined {
    const first = item(this);
    if (first === undefined) return undefined;
    const items = [first];
    for (;;) {
      const start = this.at;
      if (!separator(this)) return this.at === start ? items : undefined;
      const next = item(this);
      if (next === undefined) return undefined;
      items.push(next);
      // What could have followed the item is forgotten in the second round: so the original has it.
      this.#fault = noFault;
    }
  }

  /** Forgets the faults met since the last character taken. */
  forget(): void {
    this.#fault = noFault;
  }

  #sameAs(wanted: string): number {
    let same = 0;
    while (this.text[this.at + same] === wanted[same]) same += 1;
    return same;
  }

  #wordFault(wanted: string, at: number, same: number): Fault {
    return { at, messages: [expected(quoted(wanted)), this.#found(at + same)] };
  }

  #take(length: number): true {
    if (length > 0) {
      this.at += length;
      this.#fault = noFault;
    }
    return true;
  }

  #behindIdentifier(start: number): number {
    const { text } = this;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (
        (code >= 97 && code <= 122) ||
        (code >= 65 && code <= 90) ||
        isDigit(code) ||
        code === 95 ||
        code === 32 ||
        code === 36
      )
        at += 1;
      else {
        if (!(code >= 128)) return at;
        const character = this.#characterAt(at);
        if (!letter.test(character)) return at;
        at += character.length;
      }
    }
  }

  #characterAt(at: number): string {
    return String.fromCodePoint(this.text.codePointAt(at) ?? 0);
  }

  #found(at: number): FaultMessage {
    return ['found', at < this.text.length ? shownCharacter(this.#characterAt(at), '"') : ''];
  }

  #expect(names: readonly string[]): void {
    this.#add({ at: this.at, messages: [...names.map(expected), this.#found(this.at)] });
  }

  #add(fault: Fault): void {
    this.#fault = merged(this.#fault, fault);
  }
}

function merged(first: Fault, second: Fault): Fault {
  if (second.messages.length === 0) return first;
  if (first.messages.length === 0 || second.at > first.at) return second;
  if (first.at > second.at) return first;
  return { at: first.at, messages: [...first.messages, ...second.messages] };
}

function expected(name: string): FaultMessage {
  return ['expected', name];
}

/** The words of the grammar are plain ASCII; only the backslash and the quote are written otherwise. */
function quoted(word: string): string {
  return word.length === 1 ? shownCharacter(word, '"') : `"${word}"`;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
