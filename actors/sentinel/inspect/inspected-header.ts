/** Carry a key or token: no part of them may end in an excerpt. Random text cannot match a signature anyway. */
const secret: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'apikey',
  'x-api-key',
  'x-csrf-token',
  'x-xsrf-token',
  'x-auth-token',
]);

/**
 * Have a grammar of their own in which signs of SQL are ordinary (`"`, `;`, brackets, `*` beside `/`), but never an
 * apostrophe.
 */
const structured: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'cache-control',
  'connection',
  'content-digest',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'origin',
  'pragma',
  'prefer',
  'priority',
  'range',
  'signature',
  'signature-input',
  'te',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'upgrade',
  'upgrade-insecure-requests',
]);

/**
 * Whether the value of a header is looked at: an extension gets all of them but the secret ones, so that whatever it
 * does with one, it does with text of a stranger.
 */
export function isInspectedHeader(name: string, value: string): boolean {
  if (secret.has(name)) return false;
  if (!structured.has(name) && !name.startsWith('sec-')) return true;
  return value.includes("'") || value.includes('%');
}
