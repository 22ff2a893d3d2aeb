import assert from 'node:assert/strict';
import { FeatureExtractor } from '../../../actors/sentinel/learning/feature-extractor.ts';
import { forwardPass } from '../../../actors/sentinel/learning/network.ts';
import { bakeCalibration } from '../../../actors/sentinel/training/bake-calibration.ts';
import { calibrate } from '../../../actors/sentinel/training/calibrate.ts';
import { calibrationTable } from '../../../actors/sentinel/training/calibration-table.ts';
import type { Example } from '../../../actors/sentinel/training/examples.ts';
import { folds, splitRows } from '../../../actors/sentinel/training/folds.ts';
import { mutateAttack } from '../../../actors/sentinel/training/mutate-attack.ts';
import { Random } from '../../../actors/sentinel/training/random.ts';
import type { TrainingRow } from '../../../actors/sentinel/training/read-training-rows.ts';
import { trainNetwork } from '../../../actors/sentinel/training/trainer.ts';
import { allAttacks } from '../support/attacks.ts';
import { honest } from '../support/honest.ts';

const extractor = new FeatureExtractor('values');
const example = (text: string, attack: boolean): Example => ({
  windows: extractor.extract(text),
  attack,
  weight: 1,
});
const examples = [
  ...allAttacks.slice(0, 60).map(({ text }) => example(text, true)),
  ...Object.values(honest)
    .flat()
    .slice(0, 60)
    .map((text) => example(text, false)),
];
const row = (text: string, source: string): TrainingRow => ({ text, attack: false, source, kind: 'param' });

describe('training', () => {
  it('gives the same weights for the same seed, and others for another', () => {
    const weights = (seed: number): Float32Array => trainNetwork(examples.slice(0, 30), seed, 1).weights2;
    assert.deepEqual(weights(5), weights(5));
    assert.notDeepEqual(weights(5), weights(6));
  });

  it('learns to tell its examples apart', () => {
    const network = trainNetwork(examples, 1, 12);
    const right = examples.filter(({ windows, attack }) => {
      return Math.max(...windows.map((window) => forwardPass(network, window))) > 0 === attack;
    });
    assert.ok(right.length >= examples.length * 0.95, `${right.length} of ${examples.length}`);
  });

  it('bakes the calibration into the last layer', () => {
    const network = trainNetwork(examples.slice(0, 30), 1, 1);
    const baked = bakeCalibration(network, { factor: 0.5, bias: -2 });
    const [window] = examples[0]!.windows;
    assert.ok(Math.abs(forwardPass(baked, window!) - (forwardPass(network, window!) * 0.5 - 2)) < 1e-4);
  });

  it('mutates the same way for the same seed', () => {
    const mutants = (): string[] => {
      const random = new Random(9);
      return allAttacks.map(({ text }) => mutateAttack(text, random));
    };
    assert.deepEqual(mutants(), mutants());
    assert.ok(mutants().some((text, at) => text !== allAttacks[at]!.text));
  });
});

describe('calibration', () => {
  const random = new Random(3);
  // Scores that are twice too sure of themselves.
  const held = Array.from({ length: 20_000 }, (_, at) => {
    const logit = (random.next() - 0.5) * 12;
    return {
      logit: logit * 2,
      attack: random.next() < 1 / (1 + Math.exp(-logit)),
      source: at % 2 === 0 ? 'a' : 'b',
    };
  });

  it('finds the temperature, and shifts to mostly honest traffic', () => {
    const { factor, bias } = calibrate(held);
    assert.ok(Math.abs(factor - 0.5) < 0.06, String(factor));
    assert.ok(bias < -2 && bias > -4, String(bias));
  });

  it('makes the error small that was large before', () => {
    const { factor, bias } = calibrate(held);
    const calibrated = held.map((one) => ({ ...one, logit: one.logit * factor + bias }));
    assert.ok(calibrationTable(held).ece > 0.1);
    assert.ok(calibrationTable(calibrated).ece < 0.01);
  });
});

describe('folds', () => {
  it('never train on a source that they measure, nor on the same text from elsewhere', () => {
    for (const fold of Object.values(folds).flat()) {
      const [name] = fold.held;
      const rows = [row("Rock 'n' Roll 7", name!), row("rock 'n'  roll 8", 'other'), row('blues', 'other')];
      const { train, held } = splitRows(rows, fold);
      assert.deepEqual(held, [rows[0]]);
      assert.deepEqual(train, [rows[2]]);
    }
  });

  it('hold each source out once', () => {
    for (const list of Object.values(folds)) {
      const names = list.flatMap(({ held }) => held);
      assert.equal(new Set(names).size, names.length);
    }
  });
});
