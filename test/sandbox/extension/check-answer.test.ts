import assert from 'node:assert/strict';
import { checkAnswer } from '../../../sandbox/extension/check-answer.ts';
import type { GuestEntry } from '../../../sandbox/protocol/guest-entry.ts';

describe('answers of extensions', () => {
  const faulty: [entry: GuestEntry, text: string, says: RegExp][] = [
    ['request', '{"statuss":200}', /^The answer of request does not fit: \/statuss is not allowed there\.$/],
    ['request', '{"status":99}', /\/status must be >= 200/],
    ['request', '{"headers":{"a\\nb":"c"}}', /\/headers\/a\S*b is not allowed there/],
    ['after', '{"headers":{"Cache-Control":"no-store"}}', /\/headers\/Cache-Control is not allowed there/],
    ['before', '[', /is no JSON/],
  ];
  for (const [entry, text, says] of faulty) {
    it(`${entry}: ${text} is refused in words that its author understands`, () => {
      assert.throws(
        () => checkAnswer(entry, text),
        (error: { code: string; message: string }) => {
          assert.equal(error.code, 'MF662');
          assert.match(error.message, says);
          return true;
        },
      );
    });
  }

  it('one that fits goes on as it is, and none at all is an empty one', () => {
    const text = '{"status":201,"headers":{"x-a":"b"},"body":[1]}';
    assert.equal(checkAnswer('request', text), text);
    assert.equal(checkAnswer('request', 'null'), '{"status":204}');
  });
});
