import { deserialize, serialize } from 'node:v8';
import { MagFlockError } from '../errors/magflock-error.ts';

/**
 * Values as bytes and back: everything that can cross to another thread. A newer Node reads what an older one wrote.
 */
export const encoding = {
  /** @throws MF614 for a value that holds a function, a promise or the like */
  encode(value: unknown): Uint8Array {
    try {
      return serialize(value);
    } catch (cause) {
      throw new MagFlockError('MF614', 'the value cannot be kept in a journal or stream', { cause });
    }
  },
  decode(bytes: Uint8Array): unknown {
    return deserialize(bytes);
  },
};
