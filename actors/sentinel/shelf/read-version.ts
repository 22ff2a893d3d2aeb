import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ModelVersion, PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import { featureVersions } from '../learning/feature-layout.ts';
import { readNetwork } from '../learning/read-network.ts';
import { readModelFile } from '../patrol/read-model-file.ts';
import { cardSchema, type ShelfCard } from './card-schema.ts';

const largestCard = 8 * 1024 * 1024;
const kinds: readonly PatrolModel[] = ['values', 'statements'];

/** A version with what its card tells of each model. */
export interface ReadVersion {
  readonly version: ModelVersion;
  readonly cards: Readonly<Record<PatrolModel, ShelfCard>>;
}

/**
 * Reads a folder of models: its card is valid, both files are what it says, and both are networks.
 * @param name of the version; of the shipped one it is made from its content
 * @throws MagFlockError MF314
 */
export async function readVersion(folder: string, name?: string): Promise<ReadVersion> {
  const cards = await readCards(folder, name);
  const { values, statements } = cards;
  const version: ModelVersion = {
    version: name ?? `shipped-${values.sha256.slice(0, 8)}`,
    folder,
    sha256: { values: values.sha256, statements: statements.sha256 },
  };
  for (const kind of kinds) {
    const bytes = await readModelFile(version, kind);
    try {
      readNetwork(bytes);
    } catch (cause) {
      throw damaged(join(folder, `${kind}.onnx`), (cause as Error).message, name);
    }
  }
  return { version, cards };
}

async function readCards(folder: string, name: string | undefined): Promise<ReadVersion['cards']> {
  const path = join(folder, 'card.json');
  let parsed: unknown;
  try {
    await using file = await open(path, 'r');
    if ((await file.stat()).size > largestCard) throw new Error('it is too large');
    parsed = JSON.parse(await file.readFile('utf8'));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw damaged(path, code === 'ENOENT' ? 'is not there' : `cannot be read: ${code ?? message}`, name);
  }
  if (!Value.Check(cardSchema, parsed)) {
    const [first] = Value.Errors(cardSchema, parsed);
    throw damaged(path, `is no card: ${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim(), name);
  }
  const of = (kind: PatrolModel): ShelfCard => {
    const card = parsed.find((one) => one.kind === kind);
    if (card === undefined || card.file !== `${kind}.onnx`) throw damaged(path, `has no ${kind}`, name);
    if (card.featureVersion !== featureVersions[kind]) {
      const text = `${kind} read features ${card.featureVersion}, this MagFlock makes ${featureVersions[kind]}`;
      throw damaged(path, text, name);
    }
    return card;
  };
  return { values: of('values'), statements: of('statements') };
}

function damaged(path: string, why: string, version: string | undefined): MagFlockError {
  return new MagFlockError('MF314', `${path}: ${why}`, {
    details: { file: path, ...(version === undefined ? {} : { version }) },
  });
}
