import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { explain } from '../../../actors/sentinel/learning/explain.ts';
import { FeatureExtractor } from '../../../actors/sentinel/learning/feature-extractor.ts';
import { modelsFolder } from '../../../actors/sentinel/learning/models-folder.ts';
import { readNetwork } from '../../../actors/sentinel/learning/read-network.ts';
import { ValueReader } from '../../../actors/sentinel/learning/value-reader.ts';
import type { ModelCard } from '../../../actors/sentinel/training/model-card.ts';

const network = readNetwork(readFileSync(`${modelsFolder}values.onnx`));
const cards = JSON.parse(readFileSync(`${modelsFolder}card.json`, 'utf8')) as readonly ModelCard[];
const { families } = cards.find(({ kind }) => kind === 'values')!;

describe('explanations of the model of values', () => {
  for (const [text, family] of [
    ["1' or 1=1 -- ", 'condition that is always true'],
    ["x' union select a,b from users -- ", 'UNION SELECT'],
    ["1' and sleep(5)#", 'delay'],
    ["1'; drop table users; -- ", 'further statement'],
  ] as const) {
    it(`name what raised the score of ${JSON.stringify(text)} and the nearest family`, () => {
      const { features, nearest } = explain(network, text, families);
      assert.equal(nearest, family);
      assert.ok(features.length > 0 && features.length <= 5);
      assert.ok(features.every(({ feature, weight }) => feature.length > 0 && weight > 0 && weight <= 1));
      assert.ok(
        features.every(({ feature }, at) => features.findIndex((one) => one.feature === feature) === at),
      );
    });
  }

  it('name every bucket of every window, and read what is scored', () => {
    const text =
      "it's a long text with a payload ' or 1=1 -- and more behind it; union select 1 from x where y = 'z'";
    const named = new ValueReader().name(text);
    assert.deepEqual(
      named.map(({ features }) => features),
      new FeatureExtractor('values').extract(text),
    );
    for (const { features, names } of named) {
      assert.ok(features.indices.every((bucket) => names.has(bucket)));
    }
  });

  it('hold no word of the value', () => {
    const { features } = explain(network, "Rumpelstilzchen' or 'Rumpelstilzchen'='Rumpelstilzchen", families);
    assert.ok(
      features.every(({ feature }) => !/rum|ump|mpe|pel|els|lst|sti|til|ilz|lzc|zch|che|hen/i.test(feature)),
    );
  });

  it('of an empty value are empty or short', () => {
    assert.ok(explain(network, '', families).features.length <= 5);
  });
});
