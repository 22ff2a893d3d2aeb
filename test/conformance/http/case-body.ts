import type { CaseRequest } from '../conformance-case.ts';

/**
 * The body to send. The specification writes JSON in a quasi-quote that takes keys without quotes (`{ id: 1 }`) and
 * sends them quoted; the cases hold it as it is written there. What is JSON neither way is sent as it is: some cases
 * are about that.
 */
export function caseBody({ headers, body }: Pick<CaseRequest, 'headers' | 'body'>): string {
  if (body === '' || headers.some(([name]) => name.toLowerCase() === 'content-type')) return body;
  if (isJson(body)) return body;
  const quoted = body.replaceAll(/([{,]\s*)([A-Za-z_]\w*)(\s*:)/g, '$1"$2"$3');
  return isJson(quoted) ? quoted : body;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
