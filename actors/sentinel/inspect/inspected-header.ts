const inspected: ReadonlySet<string> = new Set([
  'user-agent',
  'referer',
  'forwarded',
  'client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'via',
  'from',
  'accept-language',
]);

/** Carry a key or token: no part of them may end in an excerpt. Random text cannot match a signature anyway. */
const secret: ReadonlySet<string> = new Set(['x-api-key', 'x-csrf-token', 'x-xsrf-token', 'x-auth-token']);

/** Whether the value of a header is looked at: those applications store or log, and any `X-` header we do not know. */
export function isInspectedHeader(name: string): boolean {
  if (name.charCodeAt(0) === 120 && name.charCodeAt(1) === 45) return !secret.has(name);
  return inspected.has(name);
}
