import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelVersion } from '../../../runtime/protocol/patrol.protocol.ts';
import type { Families } from '../learning/explain.ts';

/** Of all families together; a card with more is not one of our training. */
const mostWeights = 10_000;
const longestName = 60;

/**
 * The families of attacks that the card of a version tells, for explanations. A verdict does not depend on them: where
 * they are missing or damaged there are none.
 */
export async function readFamilies({ folder }: ModelVersion): Promise<Families> {
  try {
    const cards = JSON.parse(await readFile(join(folder, 'card.json'), 'utf8')) as unknown;
    if (!Array.isArray(cards)) return {};
    const card = cards.find((one: { kind?: unknown } | null) => one?.kind === 'values') as
      | { readonly families?: unknown }
      | undefined;
    return isFamilies(card?.families) ? card.families : {};
  } catch {
    return {};
  }
}

function isFamilies(value: unknown): value is Families {
  if (typeof value !== 'object' || value === null) return false;
  let weights = 0;
  for (const [name, family] of Object.entries(value)) {
    if (!/^[\w ,-]+$/.test(name) || name.length > longestName) return false;
    if (typeof family !== 'object' || family === null) return false;
    for (const [bucket, weight] of Object.entries(family)) {
      weights += 1;
      if (!/^\d+$/.test(bucket) || typeof weight !== 'number' || weights > mostWeights) return false;
    }
  }
  return true;
}
