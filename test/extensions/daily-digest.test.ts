import assert from 'node:assert/strict';
import { localTime } from '../../extensions/daily-digest/local-time.ts';
import { ExtensionError, type FetchOptions } from '../../extensions/sdk/index.ts';
import { type TestedExtension, testExtension } from '../../extensions/sdk/testing/test-extension.ts';

const dir = new URL('../../extensions/daily-digest/', import.meta.url);
const url = 'https://hooks.example.com/digest';
const query = 'select name, total from sales';
const eight = '2026-03-01T08:00:00.000Z';

type Answer = number | 'unreachable';

describe('daily-digest', () => {
  let extension: TestedExtension;
  const sent: FetchOptions[] = [];
  /** @param answers of the receiver, in order; the last one for all that follow */
  const start = async (
    answers: readonly Answer[],
    config: Record<string, string | number> = {},
  ): Promise<TestedExtension> => {
    sent.length = 0;
    extension = await testExtension({
      dir,
      config: { query, url, ...config },
      fakes: {
        db: { read: () => [{ name: 'lamp', total: 3 }] },
        secrets: { DIGEST_TOKEN: 'hush' },
        net: {
          fetch: (_url, options) => {
            sent.push(options);
            const answer = answers[sent.length - 1] ?? answers.at(-1);
            if (typeof answer === 'number') return { status: answer };
            throw new ExtensionError('MF672', 'no connection');
          },
        },
      },
    });
    return extension;
  };
  afterEach(() => extension?.close());

  it('sends the rows of the query at eight, signed in, once a day', async () => {
    const { calls, logs, schedule } = await start([200]);
    await schedule('hourly', '2026-03-01T07:00:00.000Z');
    assert.equal(sent.length, 0);
    await schedule('hourly', eight);
    await schedule('hourly', eight);
    await schedule('hourly', '2026-03-01T09:00:00.000Z');
    assert.equal(sent.length, 1);
    assert.equal(sent[0]?.method, 'POST');
    assert.equal(sent[0]?.headers?.['authorization'], 'Bearer hush');
    assert.equal(sent[0]?.headers?.['idempotency-key'], 'magflock.daily-digest:main:2026-03-01');
    assert.deepEqual(JSON.parse(sent[0]?.body ?? ''), {
      title: 'Daily digest',
      day: '2026-03-01',
      at: eight,
      project: 'main',
      count: 1,
      rows: [{ name: 'lamp', total: 3 }],
    });
    assert.deepEqual(
      calls.filter(({ capability }) => capability === 'db.read').map(({ args }) => args[0]),
      [query],
    );
    assert.match(logs.at(-1)?.text ?? '', /2026-03-01 was sent, 1 rows/);
    assert.ok(!JSON.stringify(logs).includes('hush'));
    assert.deepEqual([...extension.files], [['last-sent.txt', '2026-03-01']]);
    await schedule('hourly', '2026-03-02T08:00:00.000Z');
    assert.equal(sent.length, 2);
  });

  it('tries again when the receiver does not answer or is not well', async () => {
    const { schedule } = await start(['unreachable', 503, 200]);
    await schedule('hourly', eight);
    assert.equal(sent.length, 3);
    assert.deepEqual(new Set(sent.map(({ body }) => body)).size, 1);
  });

  it('goes on in the next hours, and stops after three', async () => {
    const { schedule } = await start(['unreachable'], { attempts: 1 });
    for (const hour of ['08', '09', '10', '11', '12']) {
      const run = schedule('hourly', `2026-03-01T${hour}:00:00.000Z`);
      await (hour === '12' ? run : assert.rejects(run, { code: 'MF662', message: /no connection/ }));
    }
    assert.equal(sent.length, 4);
  });

  it('does not repeat at once what was understood and refused', async () => {
    const { schedule } = await start([401]);
    await assert.rejects(schedule('hourly', eight), { code: 'MF662', message: /answered 401/ });
    assert.equal(sent.length, 1);
  });

  it('does not repeat what was not granted', async () => {
    extension = await testExtension({
      dir,
      config: { query, url },
      denied: ['net.fetch'],
      fakes: { db: { read: () => [] }, secrets: { DIGEST_TOKEN: 'hush' } },
    });
    await assert.rejects(extension.schedule('hourly', eight));
    assert.equal(extension.files.size, 0);
  });

  it('keeps to the hour of the place', async () => {
    const { schedule } = await start([200], { hour: 7, timezone: 'Asia/Kolkata' });
    await schedule('hourly', '2026-03-01T01:00:00.000Z');
    assert.equal(sent.length, 0);
    await schedule('hourly', '2026-03-01T02:00:00.000Z');
    assert.equal(sent.length, 1);
    assert.deepEqual(localTime('2026-03-01T20:00:00.000Z', 'Asia/Kolkata'), { day: '2026-03-02', hour: 1 });
    assert.deepEqual(localTime('2026-03-01T00:00:00.000Z', 'UTC'), { day: '2026-03-01', hour: 0 });
  });
});
