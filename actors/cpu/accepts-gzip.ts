const remembered = new Map<string, boolean>();
const mostRemembered = 200;

/**
 * Whether a client takes gzip (RFC 9110 §12.5.3): named with a weight above zero, or covered by `*`.
 * Clients send a handful of different values, so answers are remembered.
 * @param acceptEncoding value of Accept-Encoding
 */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  const known = remembered.get(acceptEncoding);
  if (known !== undefined) return known;
  const answer = decide(acceptEncoding);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(acceptEncoding, answer);
  return answer;
}

function decide(acceptEncoding: string): boolean {
  let any = false;
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((text) => text.startsWith('q='));
    const wanted = weight === undefined || Number(weight.slice(2)) > 0;
    if (coding === 'gzip' || coding === 'x-gzip') return wanted;
    if (coding === '*') any = wanted;
  }
  return any;
}
