import { foldTable } from '../normalise/fold-table.ts';

const PLAIN = 0;
const BLANK = 1;
const SUSPICIOUS = 2;

const kinds = new Uint8Array(128).fill(SUSPICIOUS);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/@,') {
  kinds[character.charCodeAt(0)] = PLAIN;
}
kinds[32] = BLANK;

/**
 * The pre-filter: true for what cannot carry a signature, whatever the signatures are, because each of them needs
 * two tokens that are not both part of one plain word. Numbers, uuids, dates, identifiers, addresses, lists of ids
 * and single words in any alphabet pass here; anything with a blank, a quote, a bracket or an encoding does not.
 */
export function isHarmless(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 128 ? kinds[code] !== PLAIN : foldTable[code] !== 0 || code === 0xd835) return false;
  }
  return true;
}
