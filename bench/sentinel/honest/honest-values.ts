import { honestKinds } from './honest-kinds.ts';

/** A value and what kind of text it is. */
export interface HonestValue {
  readonly text: string;
  readonly kind: string;
}

/**
 * Distinct honest values that are at hand on this machine, kind after kind.
 * @param share of each kind that is taken, 0 to 1
 */
export function honestValues(share = 1): HonestValue[] {
  const seen = new Set<string>();
  const out: HonestValue[] = [];
  for (const { name, most, values } of honestKinds) {
    const enough = Math.ceil(most * share);
    let taken = 0;
    for (const text of values()) {
      if (seen.has(text)) continue;
      seen.add(text);
      out.push({ text, kind: name });
      taken += 1;
      if (taken >= enough) break;
    }
  }
  return out;
}
