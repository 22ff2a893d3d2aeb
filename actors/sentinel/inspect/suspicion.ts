/** Read at each end of a text; more would let long texts cost more than the signatures do. */
const endLength = 256;

const weights = new Uint8Array(128);
for (const [signs, weight] of [
  ['\'"`', 4],
  ['#;%', 2],
  ['()=<>|&@*-/\\', 1],
] as const) {
  for (const sign of signs) weights[sign.charCodeAt(0)] = weight;
}

const keywords =
  /(?:^|[^a-z])(?:select|union|insert|update|delete|drop|exec|having|waitfor|sleep|benchmark|or|and|like|null)(?:$|[^a-z])/i;

/**
 * A rank for choosing which values of a request are judged when there are too many: how dense quotes, comments,
 * operators and keywords are at its ends. No verdict: it only has to be cheap.
 * @param score of the worst signature; any at all ranks before every text without
 */
export function suspicion(text: string, score: number): number {
  const head = density(text.slice(0, endLength));
  const tail = text.length > endLength ? density(text.slice(-endLength)) : 0;
  return score * 1000 + Math.max(head, tail);
}

function density(part: string): number {
  let sum = keywords.test(part) ? 8 : 0;
  for (let at = 0; at < part.length; at += 1) {
    const code = part.charCodeAt(at);
    if (code < 128) sum += weights[code]!;
  }
  return sum / (part.length + 16);
}
