import type { InspectionFacts } from '../../../runtime/protocol/sentinel.protocol.ts';

/** Content types that a page of any origin may send without asking first (Fetch Standard §2.2.2). */
const simpleType = /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/**
 * Whether an incident may lead to a block of its caller. Not when a page could have made a visitor's browser send the
 * request, or an attacker would have others blocked; nor when an extension made of the request what it is; nor behind
 * a proxy that nobody told us of, whose address is everybody's.
 * @param keyId of the caller's key. A page may have one, too: public keys stand in web pages
 * @param behindUnknownProxy see `isBehindUnknownProxy`
 */
export function countsForBlocking(
  facts: InspectionFacts,
  keyId: string | null,
  behindUnknownProxy: boolean,
): boolean {
  if (facts.extension !== undefined || behindUnknownProxy) return false;
  return !isSentByAnyPage(facts, keyId !== null);
}

function isSentByAnyPage({ method, headers }: InspectionFacts, keyed: boolean): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'cross-site' || site === 'same-site';
  // Browsers send that header to secure origins only (Fetch Metadata §2), and a key, which is a header that a page must
  // ask for, never without an origin (Fetch Standard §3.2).
  if (headers['origin'] !== undefined) return true;
  if (keyed) return false;
  if (method === 'POST') {
    const type = headers['content-type'];
    if (type !== undefined && !simpleType.test(type.trim())) return false;
  } else if (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS') return false;
  return /^mozilla\//i.test(headers['user-agent'] ?? '');
}
