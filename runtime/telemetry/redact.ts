const mask = '[redacted]';

/** What a secret looks like inside any text. The first group stays, the rest is masked. */
const patterns: readonly { readonly hint: string; readonly pattern: RegExp }[] = [
  // Secret API keys: the kind and the project stay, so that a reader can tell which key it was.
  { hint: 'ak_', pattern: /(\bak_(?:sec|pat|ext)_(?:[a-z0-9]{1,40}_)?)[A-Za-z0-9]+(?![A-Za-z0-9_])/g },
  // Password of a URL's user information (RFC 3986 §3.2.1), whatever the scheme.
  { hint: '://', pattern: /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"\\]*:)[^\s/"\\]+(?=@)/gi },
  // Authorization and cookies as they appear in header dumps; also inside JSON text.
  { hint: 'uthorization', pattern: /((?:proxy-)?authorization["\\]*\s*[:=]\s*["\\]*)[^"\\\r\n]+/gi },
  { hint: 'UTHORIZATION', pattern: /((?:PROXY-)?AUTHORIZATION["\\]*\s*[:=]\s*["\\]*)[^"\\\r\n]+/g },
  { hint: 'earer ', pattern: /(\bbearer )[A-Za-z0-9._~+/=-]{8,}/gi },
  // `password=…` of connection strings and statements.
  { hint: 'assword', pattern: /(\bpassword["\\]*\s*[:=]\s*["'\\]*)[^\s"'\\,;&)}]+/gi },
  { hint: 'ASSWORD', pattern: /(\bPASSWORD\s+')(?:[^']|'')+/g },
];

/** Fields whose value is never logged, at the top and one level down (pino's path syntax). */
const names = [
  'authorization',
  'Authorization',
  'cookie',
  'apikey',
  'key',
  'masterKey',
  'password',
  'secret',
  'token',
  'args',
  '["x-api-key"]',
  '["set-cookie"]',
];

/**
 * Everything that must never reach a log, a terminal or an error text, in one place: by name of the field
 * (`paths`, for pino) and by the look of the value (`text`).
 */
export const redact = {
  mask,
  paths: names.flatMap((name) =>
    name.startsWith('[') ? [name, `*${name}`, `*.*${name}`] : [name, `*.${name}`, `*.*.${name}`],
  ),
  /** The text with every secret in it masked. Idempotent. */
  text(text: string): string {
    let result = text;
    for (const { hint, pattern } of patterns) {
      // Most lines hold no secret: a substring search costs a tenth of the expression.
      if (result.includes(hint)) result = result.replace(pattern, `$1${mask}`);
    }
    return result;
  },
} as const;
