import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Api, openApi } from './api-harness.ts';

/** Anything JSON can carry that PostgreSQL text can hold. */
const anyText = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('eq.', 'not.', 'in.(a)', 'NULL', '%', '_', '\\', '"', "'", ',', '{}', 'is.null', ' '),
  )
  .filter((text) => !text.includes('\0') && text.isWellFormed());

const anyNumeric = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 60n }),
    fc.option(fc.bigInt({ min: 0n, max: 10n ** 40n })),
  )
  .map(
    ([negative, whole, fraction]) =>
      `${negative ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}`,
  );

describe('MagGate: any value survives POST, GET and filter', () => {
  let api: Api;
  before(async function () {
    this.timeout(60_000);
    api = await openApi(`create table anything (
      id bigint generated always as identity primary key, t text, n numeric, i bigint, a text[], j jsonb)`);
  });
  after(() => api.close());

  async function stored(column: string, json: string): Promise<{ id: number; text: string }> {
    const created = await api.call('POST', '/api/anything', { text: `{"${column}":${json}}` });
    assert.equal(created.status, 201, created.message);
    const read = await api.call('GET', `/api/anything/${created.body.data.id}?fields=${column}`);
    return { id: created.body.data.id, text: read.text };
  }

  async function found(id: number, filter: string): Promise<void> {
    const answer = await api.call('GET', `/api/anything?id=${id}&${filter}`);
    assert.equal(answer.status, 200, answer.message);
    assert.equal(answer.body.data.length, 1, filter);
  }

  const runs = { numRuns: 60 };

  it('text', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (value) => {
        const { id, text } = await stored('t', JSON.stringify(value));
        assert.equal(JSON.parse(text).data.t, value);
        await found(id, `t=eq.${encodeURIComponent(value)}`);
        const item = `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
        await found(id, `t=in.${encodeURIComponent(item)}`);
      }),
      runs,
    );
  });

  it('numeric, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(anyNumeric, async (value) => {
        const { id, text } = await stored('n', value);
        // PostgreSQL writes no minus before zero.
        const expected = /^-0(\.0+)?$/.test(value) ? value.slice(1) : value;
        assert.equal(text, `{"data":{"n":${expected}},"meta":{}}`);
        await found(id, `n=${value}`);
      }),
      runs,
    );
  });

  it('bigint', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), async (value) => {
        const { id, text } = await stored('i', String(value));
        assert.equal(text, `{"data":{"i":${value}},"meta":{}}`);
        await found(id, `i=${value}`);
      }),
      runs,
    );
  });

  it('text arrays', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(anyText), { maxLength: 5 }), async (value) => {
        const { text } = await stored('a', JSON.stringify(value));
        assert.deepEqual(JSON.parse(text).data.a, value);
      }),
      runs,
    );
  });

  it('jsonb', async () => {
    const json = fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 3 }).filter((value) => {
      const source = JSON.stringify(value);
      return value !== null && !source.includes('\\u0000') && source.isWellFormed();
    });
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        const { id, text } = await stored('j', JSON.stringify(value));
        assert.deepEqual(JSON.parse(text).data.j, JSON.parse(JSON.stringify(value)));
        await found(id, `j=eq.${encodeURIComponent(JSON.stringify(value))}`);
      }),
      runs,
    );
  });
});
