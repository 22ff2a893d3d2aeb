import assert from 'node:assert/strict';
import type { Settings } from '../../config/settings.ts';
import { type FakeReplicas, fakeKeys } from '../support/fake-replicas.ts';
import { serve } from './serve.ts';

/** One request to a CPU front with fake replicas, and what must and must not come back. */
export interface RequestRow {
  readonly name: string;
  readonly request: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly key?: string | null;
  readonly prepare?: (fakes: FakeReplicas) => void;
  readonly settings?: Partial<Settings>;
  readonly status: number;
  readonly code?: string;
  /** Header name → value, or pattern; `null` means absent. */
  readonly answerHeaders?: Record<string, string | RegExp | null>;
  readonly contains?: readonly string[];
  readonly lacks?: readonly string[];
  /** What the replicas saw, in order. */
  readonly seen?: readonly string[];
}

/** Makes each row a test of the suite that is being described. */
export function testRequests(rows: readonly RequestRow[]): void {
  for (const row of rows) {
    it(row.name, async () => {
      await using served = await serve(row.settings);
      row.prepare?.(served.fakes);
      const [method = 'GET', path = '/'] = row.request.split(' ');
      const key =
        row.key === undefined
          ? { 'X-API-Key': fakeKeys.public }
          : row.key === null
            ? {}
            : { 'X-API-Key': row.key };
      const answer = await fetch(served.url + path, {
        method,
        headers: { ...key, ...row.headers },
        ...(row.body === undefined ? {} : { body: row.body as string }),
      });
      const text = await answer.text();

      assert.equal(answer.status, row.status, text);
      if (row.status >= 400) {
        assert.equal(answer.headers.get('content-type'), 'application/problem+json');
        const problem = JSON.parse(text) as Record<string, unknown>;
        if (row.code !== undefined) assert.equal(problem['code'], row.code);
        assert.equal(problem['status'], row.status);
        assert.equal(problem['requestId'], answer.headers.get('x-request-id'));
        assert.equal(problem['type'], `/errors/${problem['code']}`);
        for (const member of ['title', 'detail', 'fix'])
          assert.equal(typeof problem[member], 'string', member);
      }
      for (const [name, expected] of Object.entries(row.answerHeaders ?? {})) {
        const value = answer.headers.get(name);
        if (expected instanceof RegExp) assert.match(value ?? '', expected, name);
        else assert.equal(value, expected, name);
      }
      for (const part of row.contains ?? []) assert.ok(text.includes(part), `"${part}" is not in ${text}`);
      for (const part of row.lacks ?? []) assert.ok(!text.includes(part), `"${part}" is in ${text}`);
      if (row.seen !== undefined) assert.deepEqual(served.fakes.seen, row.seen);
      assert.equal(served.front.parts.inFlight.size, 0);
    });
  }
}
