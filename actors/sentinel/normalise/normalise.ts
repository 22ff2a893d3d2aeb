import { decodeUnits } from './decode-units.ts';
import { UnitBuffer } from './unit-buffer.ts';

const buffer = new UnitBuffer();

/**
 * The value as a database, a driver or a careless script behind the API may come to read it: decoded up to twice,
 * look-alikes folded to ASCII, invisible characters gone. Case is left to the tokens, which ignore it.
 * @param rounds how many layers of encoding are taken off
 * @returns the same string when there was nothing to do
 */
export function normalise(text: string, rounds = 2): string {
  if (!needsDecoding(text)) return text;
  buffer.load(text);
  for (let round = 0; round < rounds; round += 1) if (!decodeUnits(buffer)) break;
  const out = buffer.toString();
  buffer.trim();
  return out;
}

function needsDecoding(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 37 || code === 38 || code === 92 || code > 126 || code === 0) return true;
  }
  return false;
}
