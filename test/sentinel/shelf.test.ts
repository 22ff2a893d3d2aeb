import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { FeatureExtractor } from '../../actors/sentinel/learning/feature-extractor.ts';
import { forwardPass } from '../../actors/sentinel/learning/network.ts';
import { encodeFeatures } from '../../actors/sentinel/patrol/encode-features.ts';
import { feedbackExamples } from '../../actors/sentinel/shelf/feedback-examples.ts';
import { ModelShelfKeeper } from '../../actors/sentinel/shelf/model-shelf.ts';
import { readyToTrain } from '../../actors/sentinel/shelf/ready-to-train.ts';
import { trainCandidate } from '../../actors/sentinel/shelf/train-candidate.ts';
import { withFeedback } from '../../actors/sentinel/shelf/with-feedback.ts';
import { attackValue } from '../../actors/sentinel/training/attack-grammar.ts';
import type { Example } from '../../actors/sentinel/training/examples.ts';
import { honestValue } from '../../actors/sentinel/training/honest-grammar.ts';
import { Random } from '../../actors/sentinel/training/random.ts';
import { trainNetwork } from '../../actors/sentinel/training/trainer.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { FeedbackEntry } from '../../runtime/protocol/sentinel.protocol.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { copyShipped, makeVersion } from './support/model-folders.ts';

// biome-ignore lint/suspicious/noExplicitAny: cards are changed at will
type Json = any;

const log = pino({ level: 'silent' });
const hasCode = (code: string) => (error: MagFlockError) => error.code === code;

describe('the shelf of models', () => {
  const data = temporaryFolder();
  const models = () => join(data(), 'sentinel', 'models');
  const open = (more: object = {}) => ModelShelfKeeper.open({ dataFolder: data(), log, ...more });

  it('has the models shipped, named after their content', async () => {
    const state = (await open()).state();
    assert.match(state.active.version, /^shipped-[0-9a-f]{8}$/);
    assert.equal(state.active.sha256.values.slice(0, 8), state.active.version.slice(8));
    assert.deepEqual([state.previous, state.shadow, state.candidates], [null, null, []]);
  });

  it('cannot be opened without sound models of its own', async () => {
    const shippedFolder = copyShipped(join(data(), 'shipped'));
    truncateSync(join(shippedFolder, 'values.onnx'), 10);
    await assert.rejects(open({ shippedFolder }), hasCode('MF314'));
  });

  it('promotes a candidate as good as the active one, remembers it, and goes back', async () => {
    makeVersion(models(), 'better');
    const shelf = await open();
    const shipped = shelf.state().active.version;
    await assert.rejects(shelf.rollback(), hasCode('MF312'));
    assert.equal((await shelf.promote('better')).active.version, 'better');
    assert.equal((await shelf.promote('better')).previous?.version, shipped);
    assert.equal((await open()).state().active.version, 'better');
    assert.equal(statSync(join(models(), 'active.json')).mode & 0o077, 0);
    assert.equal((await shelf.rollback()).active.version, shipped);
    assert.equal((await open()).state().active.version, shipped);
    assert.equal((await shelf.rollback()).active.version, 'better');
    assert.equal((await shelf.promote(shipped)).active.version, shipped);
  });

  it('has a worker load a version before it counts', async () => {
    const asked: string[] = [];
    makeVersion(models(), 'fresh');
    const shelf = await open({
      prepare: async ({ version }: { version: string }) => void asked.push(version),
    });
    await shelf.shadow('fresh');
    await shelf.promote('fresh');
    assert.deepEqual(asked, ['fresh', 'fresh']);
    const refusing = await open({ prepare: () => Promise.reject(new Error('no')) });
    await assert.rejects(refusing.rollback(), /no/);
    assert.equal(refusing.state().active.version, 'fresh');
  });

  it('compares with a candidate as shadow, whether it is better or not, until it is told to stop', async () => {
    makeVersion(models(), 'worse', (cards: Json) => (cards[0].surfaces[0].sources[0].both = 0));
    const shelf = await open();
    assert.equal((await shelf.shadow('worse')).shadow?.version, 'worse');
    assert.equal((await open()).state().shadow?.version, 'worse');
    assert.equal((await shelf.shadow(null)).shadow, null);
    await assert.rejects(shelf.shadow('nobody'), hasCode('MF312'));
  });

  const figures = (cards: Json, attack: boolean) =>
    cards
      .find(({ kind }: Json) => kind === 'values')
      .surfaces.find(({ surface }: Json) => surface === 'query')
      .sources.find((one: Json) => one.attack === attack && one.texts > 1_000);
  const values = (cards: Json) => cards.find(({ kind }: Json) => kind === 'values');
  const worse: readonly (readonly [string, (cards: Json) => unknown, RegExp])[] = [
    ['finds less of one source', (cards) => (figures(cards, true).both -= 0.5), /query, \S+, attacks: /],
    [
      'has more false alarms on one source',
      (cards) => (figures(cards, false).both += 0.5),
      /query, \S+, honest: /,
    ],
    ['was not measured on a source', (cards) => values(cards).surfaces[0].sources.shift(), /not measured/],
    ['was measured on fewer texts', (cards) => (figures(cards, true).texts -= 500), /texts measured/],
    ['was not measured on a surface', (cards) => values(cards).surfaces.pop(), /not measured/],
    [
      'was measured at another threshold',
      (cards) => (values(cards).surfaces[0].threshold = 0.1),
      /measured at 0.1/,
    ],
    [
      'lets mutants through',
      (cards) => (values(cards).surfaces[0].checks[0].both -= 2),
      /query, \S+, attacks/,
    ],
    [
      'was trained on other files',
      (cards) => (values(cards).list.sha256 = 'a'.repeat(64)),
      /another list of files/,
    ],
  ];
  for (const [name, change, reason] of worse) {
    it(`refuses a candidate that ${name}`, async () => {
      makeVersion(models(), 'candidate', change);
      const shelf = await open();
      await assert.rejects(shelf.promote('candidate'), (error: MagFlockError) => {
        assert.equal(error.code, 'MF313');
        assert.match(String(error.details?.['folds']), reason);
        return true;
      });
      assert.match(shelf.state().active.version, /^shipped-/);
    });
  }

  it('takes one text of a source for noise', async () => {
    makeVersion(models(), 'noisy', (cards: Json) => {
      const one = figures(cards, true);
      one.both -= 100 / one.texts;
    });
    assert.equal((await (await open()).promote('noisy')).active.version, 'noisy');
  });

  const damages: readonly (readonly [string, (place: string) => void])[] = [
    ['without a card', (place) => rmSync(join(place, 'card.json'))],
    ['whose card is no JSON', (place) => writeFileSync(join(place, 'card.json'), '[{')],
    ['whose card is another thing', (place) => writeFileSync(join(place, 'card.json'), '{"kind":"values"}')],
    ['whose card is huge', (place) => writeFileSync(join(place, 'card.json'), ' '.repeat(9 << 20))],
    [
      'whose card names a file elsewhere',
      (place) => rewrite(place, (cards) => (cards[0].file = '../values.onnx')),
    ],
    ['whose card has one model twice', (place) => rewrite(place, (cards) => (cards[1] = cards[0]))],
    ['of other features', (place) => rewrite(place, (cards) => (cards[0].featureVersion = 999))],
    [
      'with a percentage of 5,000',
      (place) => rewrite(place, (cards) => (cards[0].surfaces[0].sources[0].both = 5_000)),
    ],
    ['whose file is cut off', (place) => truncateSync(join(place, 'values.onnx'), 1_000_000)],
    ['whose file is missing', (place) => rmSync(join(place, 'statements.onnx'))],
  ];
  for (const [name, damage] of damages) {
    it(`refuses a candidate ${name}, and falls back when it is active`, async () => {
      const { folder } = makeVersion(models(), 'candidate');
      const before = await open();
      await before.promote('candidate');
      damage(folder);
      await assert.rejects(before.shadow('candidate'), hasCode('MF314'));
      const shelf = await open();
      assert.match(shelf.state().active.version, /^shipped-/);
      assert.match(
        shelf.problems().join('\n'),
        /the active version candidate is damaged .* the models shipped are active/,
      );
      await assert.rejects(shelf.promote('candidate'), hasCode('MF314'));
      assert.match((await shelf.rollback()).active.version, /^shipped-/);
      assert.match(shelf.problems().join('\n'), /the candidate candidate is damaged/);
    });
  }

  it('falls back when its pointer is damaged, and says so', async () => {
    mkdirSync(models(), { recursive: true });
    writeFileSync(join(models(), 'active.json'), '{"active":');
    const shelf = await open();
    assert.match(shelf.state().active.version, /^shipped-/);
    assert.match(shelf.problems().join(), /active\.json is damaged: the models shipped are active/);
    makeVersion(models(), 'better');
    await shelf.promote('better');
    assert.deepEqual(shelf.problems(), []);
  });

  it('falls back when the active version is gone', async () => {
    const { folder } = makeVersion(models(), 'better');
    await (await open()).promote('better');
    rmSync(folder, { recursive: true });
    assert.match((await open()).problems().join(), /the active version better is not there/);
  });

  it('has the version shipped active by decision when it is promoted in place of what is gone', async () => {
    const { folder } = makeVersion(models(), 'better');
    await (await open()).promote('better');
    rmSync(folder, { recursive: true });
    const shelf = await open();
    await shelf.promote(shelf.state().active.version);
    assert.deepEqual(shelf.problems(), []);
    writeFileSync(join(models(), 'active.json'), '{"active":');
    const next = await open();
    await next.promote(next.state().active.version);
    assert.deepEqual([...next.problems(), ...(await open()).problems()], []);
  });

  it('looks at nothing that has no name of a candidate', async () => {
    for (const name of ['shipped-00000000', '.training-1', 'Über', 'a b']) makeVersion(models(), name);
    const shelf = await open();
    assert.deepEqual(shelf.state().candidates, []);
    for (const version of ['../../etc', 'shipped-00000000', '', 'x'.repeat(1_000)]) {
      await assert.rejects(shelf.promote(version), hasCode('MF312'));
    }
  });

  it('does one change after the other', async () => {
    for (const name of ['one', 'two', 'three']) makeVersion(models(), name);
    const shelf = await open();
    await Promise.all(['one', 'two', 'three'].map((name) => shelf.promote(name)));
    const { active, previous } = shelf.state();
    assert.deepEqual([active.version, previous?.version], ['three', 'two']);
    assert.deepEqual(readdirSync(models()).sort(), ['active.json', 'one', 'three', 'two']);
  });
});

function rewrite(place: string, change: (cards: Json) => unknown): void {
  const path = join(place, 'card.json');
  const cards = JSON.parse(readFileSync(path, 'utf8')) as Json;
  change(cards);
  writeFileSync(path, JSON.stringify(cards));
}

describe('a training that cannot be done', () => {
  const folder = temporaryFolder();

  it('says which file is missing and what to do', async () => {
    await assert.rejects(readyToTrain(folder()), (error: MagFlockError) => {
      assert.equal(error.code, 'MF316');
      assert.match(error.message, /is not there \(and \d+ more files of the list\)/);
      assert.match(error.fix ?? '', /--from/);
      return true;
    });
    const { dataFolder, readDataFrom } = await import('../../actors/sentinel/training/training-files.ts');
    readDataFrom(dataFolder);
  });

  it('refuses a name that is none', async () => {
    for (const name of ['', '../x', 'shipped-1', 'A']) {
      await assert.rejects(trainCandidate({ dataFolder: folder(), name }), hasCode('MF100'));
    }
  });
});

describe('feedback', () => {
  const extractor = new FeatureExtractor('values');
  const entry = (text: string, more: Partial<FeedbackEntry> = {}): FeedbackEntry => ({
    incident: 'i',
    verdict: 'false-alarm',
    at: '2026-01-01T00:00:00.000Z',
    surface: 'query',
    address: '192.0.2.1',
    keyId: null,
    features: encodeFeatures('values', extractor.extract(text)[0]!),
    ...more,
  });

  it('becomes examples with their label', () => {
    const { used, left } = feedbackExamples([entry('a'), entry('b', { verdict: 'confirmed' })]);
    assert.deepEqual(used.map(({ attack }) => attack).sort(), [false, true]);
    assert.equal(left.size, 0);
  });

  const rows: readonly (readonly [string, readonly unknown[], RegExp])[] = [
    ['contradicts a signature', [entry('a', { blockedBy: 'tautology' })], /contradicts a signature/],
    ['contradicts itself', [entry('a'), entry('a', { verdict: 'confirmed' })], /contradicts other feedback/],
    ['cannot be read', [entry('a', { features: 'bm8=' })], /another layout/],
    ['is no entry', [entry('a', { verdict: 'maybe' as never })], /not an entry/],
    ['is a number', [7, null], /not an entry/],
  ];
  for (const [name, entries, reason] of rows) {
    it(`that ${name} is left out, and it is said`, () => {
      const { used, left } = feedbackExamples(entries as FeedbackEntry[]);
      assert.equal(used.length, 0);
      assert.match([...left.keys()].join(), reason);
    });
  }

  it('of one address or key counts twenty times, whatever it is', () => {
    const texts = Array.from(
      { length: 300 },
      (_, at) => `${'xy'.repeat(at % 15)} or ${'z'.repeat(at / 15)} =`,
    );
    assert.equal(feedbackExamples(texts.map((text) => entry(text))).used.length, 20);
    const elsewhere = texts.map((text, at) => entry(text, { address: `192.0.2.${at}`, keyId: 'k' }));
    assert.equal(feedbackExamples(elsewhere).used.length, 20);
  });

  it('of five thousand poisoned entries does not turn a model', function () {
    this.timeout(60_000);
    const random = new Random(3);
    const example = (text: string, attack: boolean): Example => ({
      windows: extractor.extract(text),
      attack,
      weight: attack ? 1 : 2,
    });
    const attacks = Array.from({ length: 1200 }, () => attackValue(random));
    const honest = Array.from({ length: 1200 }, () => honestValue(random));
    const examples = [
      ...attacks.slice(0, 1000).map((text) => example(text, true)),
      ...honest.slice(0, 1000).map((text) => example(text, false)),
    ];
    const held = attacks.slice(1000).map((text) => extractor.extract(text));
    const found = (trained: readonly Example[]): number => {
      const network = trainNetwork(trained, 1, 3);
      return held.filter((windows) => windows.some((window) => forwardPass(network, window) > 0)).length;
    };
    const poison = (addresses: number) =>
      Array.from({ length: 5_000 }, (_, at) =>
        entry(attackValue(random), {
          address: `2001:db8::${at % addresses}`,
          keyId: addresses === 1 ? 'k' : null,
        }),
      );
    const clean = found(examples);
    assert.ok(clean > 190, `${clean} of ${held.length} without feedback`);
    for (const addresses of [1, 5_000]) {
      const { used } = feedbackExamples(poison(addresses));
      const poisoned = withFeedback(examples, used, 'values');
      const added = poisoned.slice(examples.length).reduce((sum, { weight }) => sum + weight, 0);
      assert.ok(added <= 0.0101 * poisoned.reduce((sum, { weight }) => sum + weight, 0), `weight ${added}`);
      const after = found(poisoned);
      assert.ok(
        after >= clean - 4,
        `${after} of ${held.length} found, ${clean} without ${addresses} poisoners`,
      );
    }
  });
});
