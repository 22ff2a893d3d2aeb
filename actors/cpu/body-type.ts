import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

const json = /^application\/(?:[\w!#$&^.+-]+\+)?json$/;
const charset = /;\s*charset\s*=\s*"?(?<name>[^\s";]+)"?/i;

/**
 * Checks what a body claims to be: JSON in UTF-8 (RFC 8259 §8.1), not compressed. Compressed bodies are refused
 * rather than inflated, so that a small body cannot become a large one behind the limit.
 * @returns the refusal (MF115), or undefined when the body may be parsed
 */
export function bodyTypeRefusal(
  contentType: string | undefined,
  contentEncoding: string | undefined,
): MagFlockError | undefined {
  if (contentEncoding !== undefined && contentEncoding.trim().toLowerCase() !== 'identity') {
    return new MagFlockError('MF115', `A body with Content-Encoding "${contentEncoding}" is not taken.`, {
      fix: 'Send the body without Content-Encoding.',
    });
  }
  if (contentType === undefined || contentType === 'application/json') return undefined;
  const semicolon = contentType.indexOf(';');
  const type = (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  if (!json.test(type)) {
    return new MagFlockError('MF115', `A body of type "${type}" is not taken here.`, {
      fix: 'Send JSON with Content-Type: application/json.',
    });
  }
  const name = charset.exec(contentType)?.groups?.['name']?.toLowerCase();
  if (name !== undefined && name !== 'utf-8' && name !== 'utf8') {
    return new MagFlockError('MF115', `JSON in charset "${name}" is not taken; JSON is UTF-8.`, {
      fix: 'Encode the body as UTF-8 and send Content-Type: application/json.',
    });
  }
  return undefined;
}
