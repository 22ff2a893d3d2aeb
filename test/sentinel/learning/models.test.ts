import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { FeatureExtractor } from '../../../actors/sentinel/learning/feature-extractor.ts';
import { featureVersions } from '../../../actors/sentinel/learning/feature-layout.ts';
import { ModelSession } from '../../../actors/sentinel/learning/model-session.ts';
import { modelsFolder } from '../../../actors/sentinel/learning/models-folder.ts';
import { forwardPass } from '../../../actors/sentinel/learning/network.ts';
import { readNetwork } from '../../../actors/sentinel/learning/read-network.ts';
import { exportOnnx } from '../../../actors/sentinel/training/export-onnx.ts';
import type { ModelCard } from '../../../actors/sentinel/training/model-card.ts';
import { listPath, trainingFiles } from '../../../actors/sentinel/training/training-files.ts';
import { allAttacks } from '../support/attacks.ts';
import { honest } from '../support/honest.ts';

const kinds = ['values', 'statements'] as const;
const cards = JSON.parse(readFileSync(`${modelsFolder}card.json`, 'utf8')) as readonly ModelCard[];
const read = (kind: string): Uint8Array => readFileSync(`${modelsFolder}${kind}.onnx`);
const texts = [...allAttacks.map(({ text }) => text), ...Object.values(honest).flat()].slice(0, 400);
const long = `${'it is a fine day. '.repeat(400)}' or 1=1 -- `;

describe('trained models', () => {
  for (const kind of kinds) {
    it(`score in onnxruntime as in plain TypeScript, to five digits (${kind})`, async () => {
      const bytes = read(kind);
      const session = await ModelSession.load(bytes);
      const network = readNetwork(bytes);
      const extractor = new FeatureExtractor(kind);
      const features = [...texts, long].map((text) => extractor.extract(text));
      const scores = await session.score(features);
      for (const [at, windows] of features.entries()) {
        const logit = Math.max(...windows.map((window) => forwardPass(network, window)));
        assert.ok(Math.abs(scores[at]! - 1 / (1 + Math.exp(-logit))) < 1e-5, texts[at]);
      }
      const [alone] = await session.score([features[0]!]);
      assert.ok(Math.abs(alone! - scores[0]!) < 1e-6, 'a batch must not change a score');
      await session.release();
    });

    it(`are the file that the card describes (${kind})`, () => {
      const card = cards.find((one) => one.kind === kind)!;
      const bytes = read(kind);
      assert.equal(createHash('sha256').update(bytes).digest('hex'), card.sha256);
      assert.equal(bytes.length, card.bytes);
      assert.equal(card.featureVersion, featureVersions[kind]);
      const list = readFileSync(listPath);
      assert.equal(createHash('sha256').update(list).digest('hex'), card.list.sha256);
      assert.deepEqual(
        card.data,
        trainingFiles().filter(({ path }) => path.endsWith('.ndjson')),
      );
    });

    it(`are written as they were read (${kind})`, () => {
      const bytes = read(kind);
      assert.ok(Buffer.from(exportOnnx(readNetwork(bytes), kind)).equals(bytes));
    });

    it(`are refused when the file is damaged (${kind})`, async () => {
      const bytes = read(kind);
      assert.throws(() => readNetwork(bytes.subarray(0, bytes.length / 2)));
      assert.throws(() =>
        readNetwork(new Uint8Array([255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255])),
      );
      await assert.rejects(ModelSession.load(bytes.subarray(0, bytes.length / 2)));
    });
  }

  it('are at most 12 MB together', () => {
    assert.ok(kinds.reduce((sum, kind) => sum + read(kind).length, 0) <= 12_000_000);
  });
});
