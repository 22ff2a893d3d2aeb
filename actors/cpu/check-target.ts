import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { decodeUtf8 } from './decode-utf8.ts';

const strayPercent = /%(?![0-9a-fA-F]{2})/g;
const beyondAscii = /[^\x00-\x7f]/;

/**
 * Makes the request target plain ASCII. Bytes above 0x7f, which Node hands on as Latin-1 characters, are taken
 * when they are UTF-8 and percent-encoded, as if the client had done so.
 * @returns the target, or undefined when its bytes are not UTF-8
 */
export function asciiTarget(target: string): string | undefined {
  if (!beyondAscii.test(target)) return target;
  const text = decodeUtf8(Buffer.from(target, 'latin1'));
  return text?.replace(/[^\x00-\x7f]+/gu, (part) => encodeURIComponent(part));
}

/** MF103 when the percent-encoding of a path is not UTF-8, MF100 when it is malformed. */
export function pathRefusal(path: string): MagFlockError | undefined {
  if (!path.includes('%') || decodes(path)) return undefined;
  if (decodes(path.replace(strayPercent, '%25'))) {
    return new MagFlockError('MF100', 'The path has a "%" that is not followed by two hexadecimal digits.', {
      fix: 'Write a percent sign in a path as %25.',
    });
  }
  return new MagFlockError('MF103', 'The percent-encoded path is not valid UTF-8.');
}

/** MF103 when a query is not UTF-8. A stray `%` is left to the gateway, which knows which value it stands in. */
export function queryRefusal(query: string): MagFlockError | undefined {
  if (!query.includes('%') || decodes(query) || decodes(query.replace(strayPercent, '%25'))) return undefined;
  return new MagFlockError('MF103', 'The percent-encoded query is not valid UTF-8.');
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
