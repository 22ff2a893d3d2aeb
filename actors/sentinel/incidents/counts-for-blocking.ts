import type { InspectionFacts } from '../../../runtime/protocol/sentinel.protocol.ts';

/** Content types that a page of any origin may send without asking first (Fetch Standard §2.2.2). */
const simpleType = /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/**
 * Whether an incident may lead to a block of its caller. Not when any page could have made a visitor's browser send
 * the request, or an attacker would have others blocked; nor when an extension made of the request what it is; nor
 * behind a proxy that nobody told us of, whose address is everybody's.
 * @param keyId of the caller's key; a page of another origin has none
 * @param behindUnknownProxy see `isBehindUnknownProxy`
 */
export function countsForBlocking(
  facts: InspectionFacts,
  keyId: string | null,
  behindUnknownProxy: boolean,
): boolean {
  if (facts.extension !== undefined || behindUnknownProxy) return false;
  return keyId !== null || !isSentByAnyPage(facts);
}

function isSentByAnyPage({ method, headers }: InspectionFacts): boolean {
  if (method !== 'GET' && method !== 'HEAD') {
    const type = headers['content-type'];
    if (method !== 'POST' || (type !== undefined && !simpleType.test(type.trim()))) return false;
  }
  const site = headers['sec-fetch-site'];
  // Browsers send that header to secure origins only (Fetch Metadata §2).
  if (site === undefined) return /^mozilla\//i.test(headers['user-agent'] ?? '');
  return site === 'cross-site' || site === 'same-site';
}
