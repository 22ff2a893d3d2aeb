import { hashStep, keywordClass } from './keyword-table.ts';
import { kinds, WORD_PART } from './kind-of-character.ts';
import { tokenCode as T } from './token-class.ts';

const longestPayloadWord = 12;

const isPayloadClass = new Uint8Array(256);
for (const code of [
  ...[T.AND, T.OR, T.XOR, T.NOT, T.DIV, T.LIKE, T.SIMILAR, T.IS, T.IN, T.BETWEEN, T.UNION, T.SELECT, T.ORDER],
  ...[T.GROUP, T.HAVING, T.LIMIT, T.INTO, T.EXEC, T.DECLARE, T.WAITFOR, T.PROCEDURE, T.INSERT, T.BEGIN],
  ...[T.FROM, T.WHERE, T.UPDATE, T.DROP, T.SHUTDOWN, T.COLLATE, T.CASE],
]) {
  isPayloadClass[code] = 1;
}

/** Whether `units[from, to)` is a word with which an injection goes on behind a value: `or`, `union`, `like`… */
export function isPayloadWord(units: Uint16Array, from: number, to: number, hash: number): boolean {
  return isPayloadClass[keywordClass(units, from, to, hash, 0)] === 1;
}

/** Whether such a word begins at `from`. */
export function payloadWordAt(units: Uint16Array, from: number): boolean {
  let hash = 0;
  let at = from;
  while ((kinds[units[at]!]! & WORD_PART) !== 0 && at - from <= longestPayloadWord) {
    const code = units[at]!;
    hash = hashStep(hash, code >= 65 && code <= 90 ? code + 32 : code);
    at += 1;
  }
  return at > from && isPayloadWord(units, from, at, hash);
}
