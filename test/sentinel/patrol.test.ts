import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { FeatureExtractor } from '../../actors/sentinel/learning/feature-extractor.ts';
import { buckets } from '../../actors/sentinel/learning/feature-layout.ts';
import { decodeFeatures } from '../../actors/sentinel/patrol/decode-features.ts';
import { encodeFeatures } from '../../actors/sentinel/patrol/encode-features.ts';
import { LoadedVersion } from '../../actors/sentinel/patrol/loaded-version.ts';
import { ModelSessions } from '../../actors/sentinel/patrol/model-sessions.ts';
import { TextJudge } from '../../actors/sentinel/patrol/text-judge.ts';
import { shippedVersion } from '../../actors/sentinel/shelf/shipped-version.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ModelVersion } from '../../runtime/protocol/patrol.protocol.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { copyShipped, makeVersion } from './support/model-folders.ts';

const attack = "1' or 1=1 -- ";
const log = pino({ level: 'silent' });
const hasCode = (code: string) => (error: MagFlockError) => error.code === code;

describe('what the patrol reads, as base64', () => {
  const texts = [
    attack,
    '',
    'it’s',
    'a'.repeat(3_000),
    "union select password from users where '".repeat(40),
  ];
  for (const kind of ['values', 'statements'] as const) {
    it(`comes back as it was, of ${kind}`, () => {
      for (const features of texts.flatMap((text) => new FeatureExtractor(kind).extract(text))) {
        const scale = Math.fround(features.scale);
        const decoded = decodeFeatures(encodeFeatures(kind, features));
        assert.deepEqual(decoded, { kind, features: { ...features, scale } });
      }
    });
  }

  const good = Buffer.from(
    encodeFeatures('values', new FeatureExtractor('values').extract(attack)[0]!),
    'base64',
  );
  const changed = (change: (bytes: Buffer) => Buffer | undefined | number) => {
    const bytes = Buffer.from(good);
    const answer = change(bytes);
    return (Buffer.isBuffer(answer) ? answer : bytes).toString('base64');
  };
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', '', /another layout/],
    ['text', 'or 1=1', /not base64/],
    ['another way to write the same', `${good.toString('base64')}\n`, /not base64/],
    ['a megabyte', 'A'.repeat(1 << 20), /too long/],
    ['another layout', changed((bytes) => bytes.writeUInt8(2, 1)), /another layout/],
    ['another model', changed((bytes) => bytes.writeUInt8(2, 2)), /of no model/],
    ['features of another version', changed((bytes) => bytes.writeUInt16LE(999, 4)), /version 999/],
    ['another number of statistics', changed((bytes) => bytes.writeUInt16LE(1, 6)), /wrong numbers/],
    ['four billion buckets', changed((bytes) => bytes.writeUInt32LE(0xffff_ffff, 8)), /wrong numbers/],
    [
      'more buckets than it has',
      changed((bytes) => bytes.writeUInt32LE(buckets, 8)),
      /wrong (bucket|length)/,
    ],
    ['a scale that is no number', changed((bytes) => bytes.writeFloatLE(Number.NaN, 12)), /wrong scale/],
    ['a scale that shouts', changed((bytes) => bytes.writeFloatLE(1e9, 12)), /wrong scale/],
    ['a bucket twice', changed((bytes) => bytes.writeUInt8(0, 17)), /wrong bucket/],
    [
      'a bucket beyond the last',
      changed((bytes) => bytes.fill(0xff, 16, 18).fill(0x7f, 18, 19)),
      /wrong bucket/,
    ],
    ['a number without an end', changed((bytes) => bytes.fill(0xff, 16)), /wrong bucket/],
    [
      'a statistic that is no number',
      changed((bytes) => bytes.writeFloatLE(Number.NaN, bytes.length - 4)),
      /statistic/,
    ],
    ['a huge statistic', changed((bytes) => bytes.writeFloatLE(1e30, bytes.length - 4)), /statistic/],
    ['cut off', changed((bytes) => bytes.subarray(0, -3)), /wrong length/],
    ['more behind it', changed((bytes) => Buffer.concat([bytes, Buffer.alloc(3)])), /wrong length/],
  ];
  for (const [name, text, problem] of rows) {
    it(`is refused: ${name}`, () => assert.throws(() => decodeFeatures(text), problem));
  }
});

describe('a judge of texts', () => {
  let version: ModelVersion;
  let judge: TextJudge;
  before(async () => {
    ({ version } = await shippedVersion());
    judge = await TextJudge.load(version);
  });

  it('tells an attack from a name, and says why', async () => {
    const [bad, good] = await judge.judge('values', [attack, 'Jane Miller']);
    assert.ok(bad!.score > 0.9 && good!.score < 0.1, `${bad!.score}, ${good!.score}`);
    assert.ok(bad!.reason!.features.length > 0);
    const weights = bad!.reason!.features.map(({ weight }) => weight);
    assert.ok(weights.every((weight) => weight > 0 && weight <= 1));
    assert.equal(decodeFeatures(bad!.reason!.read).kind, 'values');
    assert.equal(good!.reason, null);
    assert.equal(bad!.shadow, null);
  });

  it('scores a text the same alone, among others, and in plain TypeScript, but for the last digit', async () => {
    const texts = Array.from({ length: 200 }, (_, at) => `${attack.repeat(at % 40)} ${at} hello's`);
    const plain = new TextJudge(await LoadedVersion.load(version, undefined, true));
    for (const kind of ['values', 'statements'] as const) {
      const together = await judge.judge(kind, texts);
      const inPlain = await plain.judge(kind, texts);
      assert.equal(together.length, texts.length);
      for (const [at, { score }] of together.entries()) {
        const [alone] = await judge.judge(kind, [texts[at]!]);
        assert.ok(Math.abs(alone!.score - score) < 1e-6, `${score}, alone ${alone!.score}`);
        assert.ok(Math.abs(inPlain[at]!.score - score) < 1e-6, `${score}, plain ${inPlain[at]!.score}`);
      }
    }
  });

  it('finds a payload behind padding by its worst window', async () => {
    const [score] = await judge.judge('values', [`${'lorem ipsum dolor '.repeat(4_000)}${attack}`]);
    assert.ok(score!.score > 0.9, String(score!.score));
  });

  it('answers what it has judged when it is cancelled', async () => {
    const asked: number[] = [];
    const texts = Array.from({ length: 1_000 }, (_, at) => `${attack}${at}`);
    const signal = {
      get aborted() {
        asked.push(1);
        return asked.length > 150;
      },
    };
    const some = await judge.judge('values', texts, signal);
    assert.ok(some.length >= 64 && some.length < 200, String(some.length));
    assert.deepEqual(await judge.judge('values', texts, { aborted: true }), []);
  });

  it('refuses a model that it was loaded without', async () => {
    const values = await TextJudge.load(version, ['values']);
    assert.equal((await values.judge('values', [attack])).length, 1);
    await assert.rejects(values.judge('statements', [attack]), hasCode('MF315'));
  });

  // A generous bound: a text that took a minute would be found, a slow machine is none.
  const hostile: readonly (readonly [string, () => string])[] = [
    ['quotes', () => "'".repeat(1 << 20)],
    ['blanks', () => ' '.repeat(1 << 20)],
    ['comments', () => '/**/'.repeat(1 << 18)],
    ['an open comment', () => `/*${'*'.repeat(1 << 20)}`],
    ['encoded percent signs', () => '%2527'.repeat(200_000)],
    ['attacks', () => attack.repeat(80_000)],
    ['lone surrogates', () => '\ud800'.repeat(1 << 20)],
    ['dollar quotes', () => '$$$a$'.repeat(200_000)],
  ];
  for (const kind of ['values', 'statements'] as const) {
    for (const [name, make] of hostile) {
      it(`gets over a megabyte of ${name} as ${kind}`, async () => {
        const began = performance.now();
        const [score] = await judge.judge(kind, [make()]);
        assert.ok(score!.score >= 0 && score!.score <= 1);
        assert.ok(performance.now() - began < 5_000, `${performance.now() - began} ms`);
      });
    }
  }
});

describe('sessions of a worker', () => {
  const folder = temporaryFolder();
  let sessions: ModelSessions;
  beforeEach(() => {
    sessions = new ModelSessions(log);
  });
  afterEach(() => sessions.close());
  const untilLoaded = async (version: ModelVersion) => {
    for (let turn = 0; sessions.ifLoaded(version) === undefined; turn += 1) {
      assert.ok(turn < 500, `${version.version} does not load`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  it('answer with the last version while another one loads, and then with that', async () => {
    const [first, second] = [makeVersion(folder(), 'first'), makeVersion(folder(), 'second')];
    assert.equal((await sessions.active(first)).version.version, 'first');
    assert.equal((await sessions.active(second)).version.version, 'first');
    await untilLoaded(second);
    assert.equal((await sessions.active(second)).version.version, 'second');
    assert.equal(sessions.problem(), null);
  });

  it('keep three versions, those used last', async () => {
    for (const name of ['one', 'two', 'three', 'four']) {
      const version = makeVersion(folder(), name);
      await sessions.load(version);
      await sessions.active(version);
    }
    assert.deepEqual(sessions.versions(), ['two', 'three', 'four']);
  });

  it('let a version that is given up finish what it judges', async () => {
    const old = await sessions.load(makeVersion(folder(), 'old'));
    const judge = new TextJudge(old);
    const judging = judge.judge(
      'values',
      Array.from({ length: 500 }, (_, at) => `${attack}${at}`),
    );
    await old.retire();
    assert.equal((await judging).length, 500);
  });

  const damages: readonly (readonly [string, (place: string) => void, RegExp])[] = [
    ['is missing', (place) => rmSync(join(place, 'values.onnx')), /values\.onnx is not there/],
    ['is cut off', (place) => truncateSync(join(place, 'statements.onnx'), 1_000), /its card says/],
    [
      'has another byte',
      (place) => writeFileSync(join(place, 'values.onnx'), 'no model'),
      /SHA-256 [0-9a-f]{64}, its/,
    ],
    ['is no file', (place) => rmSync(place, { recursive: true }), /values\.onnx is not there/],
  ];
  for (const [name, damage, problem] of damages) {
    it(`go on with the last good version when one ${name}, and say so`, async () => {
      const bad = makeVersion(folder(), 'bad');
      damage(bad.folder);
      await sessions.active(makeVersion(folder(), 'good'));
      assert.equal((await sessions.active(bad)).version.version, 'good');
      await assert.rejects(sessions.load(bad), hasCode('MF314'));
      assert.equal((await sessions.active(bad)).version.version, 'good');
      assert.match(sessions.problem() ?? '', problem);
      assert.match(sessions.problem() ?? '', /good goes on/);
    });
  }

  it('refuse with MF315 when there is no version at all', async () => {
    const bad = makeVersion(folder(), 'bad');
    rmSync(bad.folder, { recursive: true });
    await assert.rejects(sessions.active(bad), hasCode('MF315'));
    assert.match(sessions.problem() ?? '', /no model judges/);
  });

  it('load nothing that is no model of ours, whatever its card says', async () => {
    const place = copyShipped(join(folder(), 'odd'));
    const { createHash } = await import('node:crypto');
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(100_000, 0xff)]) {
      writeFileSync(join(place, 'values.onnx'), bytes);
      const values = createHash('sha256').update(bytes).digest('hex');
      const version = { version: 'odd', folder: place, sha256: { values, statements: values } };
      await assert.rejects(LoadedVersion.load(version), hasCode('MF314'));
    }
  });
});

describe('threads that run onnxruntime', () => {
  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [
      fileURLToPath(new URL('./fixtures/end-busy-workers.ts', import.meta.url)),
      ...args,
    ]);

  // Without the native section the first one aborts the process (exit by signal).
  it('can be ended in the middle of it, twenty times', async () => {
    assert.equal((await run('terminate', '20')).stdout, '20 ended');
  });

  it('do not keep the process from ending well', async () => {
    assert.equal((await run('exit', '10')).stdout, '');
  });
});
