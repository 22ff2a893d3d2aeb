import { decodeUnits } from './decode-units.ts';
import { HAS_ENCODING, type UnitBuffer } from './unit-buffer.ts';

/**
 * Turns a loaded value into what a database, a driver or a careless script behind the API may come to read: decoded
 * several times, look-alikes folded to ASCII, invisible characters gone. Case is left to the tokens, which ignore it.
 * @param rounds how many layers of encoding are taken off
 */
export function normalise(buffer: UnitBuffer, rounds: number): void {
  for (let round = 0; round < rounds && (buffer.signs & HAS_ENCODING) !== 0; round += 1) {
    if (!decodeUnits(buffer)) return;
  }
}
