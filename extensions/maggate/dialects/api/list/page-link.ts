/**
 * A link to another page of the same list (RFC 8288). The target is a query alone, which is resolved against the
 * address of the request (RFC 3986 §5.2): so it is right whatever stands before the path.
 */
export function pageLink(query: string, cursor: string, relation: string): string {
  const kept = query.split('&').filter((pair) => pair !== '' && !/^cursor=/.test(pair));
  const target = `?${[...kept, `cursor=${cursor}`].join('&')}`;
  // A query may hold any character but spaces; some of them would end the link.
  const safe = target.replaceAll(/[^\x21-\x7e]|[<>"\\^`{|}]/gu, encodeURIComponent);
  return `<${safe}>; rel="${relation}"`;
}
