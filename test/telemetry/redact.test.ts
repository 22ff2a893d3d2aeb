import assert from 'node:assert/strict';
import { redact } from '../../runtime/telemetry/redact.ts';

const rows: readonly [name: string, text: string, expected: string][] = [
  [
    'a secret key keeps kind and project',
    'key ak_sec_main_Ab12Cd34Ef56 used',
    'key ak_sec_main_[redacted] used',
  ],
  ['a public key is no secret', 'ak_pub_main_Ab12Cd34Ef56', 'ak_pub_main_Ab12Cd34Ef56'],
  ['two secret keys in one text', 'ak_sec_a_1234 ak_sec_b_5678', 'ak_sec_a_[redacted] ak_sec_b_[redacted]'],
  ['the password of a database URL', 'postgres://u:p%40ss@h:5/d', 'postgres://u:[redacted]@h:5/d'],
  ['the password of any URL', 'redis://:hunter2@h/0', 'redis://:[redacted]@h/0'],
  ['a URL without a password stays', 'http://127.0.0.1:8080/a?b=c:d', 'http://127.0.0.1:8080/a?b=c:d'],
  ['a bearer token', 'Bearer abcdefghijkl.mno-pq', 'Bearer [redacted]'],
  ['an Authorization header as text', 'Authorization: Basic dXNlcjpwYXNz', 'Authorization: [redacted]'],
  [
    'the same in JSON',
    '{"authorization":"Basic dXNlcjpwYXNz","a":1}',
    '{"authorization":"[redacted]","a":1}',
  ],
  [
    'password= of a connection string',
    'host=h password=hunter2 dbname=d',
    'host=h password=[redacted] dbname=d',
  ],
  ['a password in SQL', "alter role x PASSWORD 'it''s me' valid", "alter role x PASSWORD '[redacted]' valid"],
  ['plain words stay', 'the password was wrong', 'the password was wrong'],
];

describe('redaction by pattern', () => {
  for (const [name, text, expected] of rows) {
    it(name, () => assert.equal(redact.text(text), expected));
  }

  it('changes nothing when applied again', () => {
    for (const [, text] of rows) {
      const once = redact.text(text);
      assert.equal(redact.text(once), once);
    }
  });
});
