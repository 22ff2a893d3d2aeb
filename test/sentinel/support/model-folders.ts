import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelsFolder } from '../../../actors/sentinel/learning/models-folder.ts';
import type { ModelVersion } from '../../../runtime/protocol/patrol.protocol.ts';

// biome-ignore lint/suspicious/noExplicitAny: cards are changed at will
type Card = any;

/**
 * Puts a version into a folder: the models shipped under another producer's name, so the same scores of other bytes.
 * @param change of the cards, before they are written
 */
export function makeVersion(
  folder: string,
  name: string,
  change: (cards: Card[]) => unknown = () => undefined,
): ModelVersion {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const cards = JSON.parse(readFileSync(join(modelsFolder, 'card.json'), 'utf8')) as Card[];
  const sha256 = { values: '', statements: '' };
  for (const card of cards) {
    const bytes = shifted(readFileSync(join(modelsFolder, card.file)), name);
    writeFileSync(join(place, card.file), bytes);
    card.sha256 = createHash('sha256').update(bytes).digest('hex');
    sha256[card.kind as 'values'] = card.sha256;
  }
  change(cards);
  writeFileSync(join(place, 'card.json'), JSON.stringify(cards));
  return { version: name, folder: place, sha256 };
}

/** A copy of the models shipped, to be damaged. */
export function copyShipped(folder: string): string {
  cpSync(modelsFolder, folder, { recursive: true });
  return folder;
}

/** The producer's name in the file becomes another: the same network, other bytes. */
function shifted(file: Buffer, name: string): Buffer {
  const at = file.indexOf('magflock');
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  file.write(digest, at, 'latin1');
  return file;
}
