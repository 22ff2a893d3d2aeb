import { foldTable } from '../normalise/fold-table.ts';

const AT = 64;
/** First half of the letters and digits of U+1D400…, which fold to ASCII. */
const MATHEMATICAL = 0xd835;

const plain = new Uint8Array(128);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/@,') {
  plain[character.charCodeAt(0)] = 1;
}

/**
 * The pre-filter: true for what cannot carry a signature, whatever the signatures are, because each of them needs
 * two tokens that are not both part of one plain word. Numbers, uuids, dates, identifiers, e-mail addresses, lists of ids
 * and single words in any alphabet pass here; anything with a blank, a quote, a bracket or an encoding does not.
 */
export function isHarmless(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 128 ? plain[code] === 0 : foldTable[code] !== 0 || code === MATHEMATICAL) return false;
    if (code === AT && text.charCodeAt(at + 1) === AT) return false; // `select@@version`
  }
  return true;
}
