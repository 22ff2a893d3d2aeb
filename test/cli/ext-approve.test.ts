import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { CommandContext } from '../../runtime/cli/command-context.ts';
import { approve } from '../../runtime/cli/extension/approve.ts';
import { readExpiry } from '../../runtime/cli/extension/read-expiry.ts';
import { readSettings } from '../../runtime/cli/extension/read-settings.ts';
import { showReview } from '../../runtime/cli/extension/show-review.ts';
import { splitScopes } from '../../runtime/cli/extension/split-scopes.ts';
import { Output } from '../../runtime/cli/output.ts';
import type { PermissionQuestion } from '../../runtime/protocol/extensions.protocol.ts';
import { packageReview } from './ext-examples.ts';

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream;
const output = new Output({ json: false, quiet: false, verbose: false, stdout: nowhere, stderr: nowhere });

const needed: PermissionQuestion = packageReview.questions[0]!;
const extra: PermissionQuestion = {
  capability: 'net.fetch',
  scope: ['example.com'],
  sentence: 'Send requests to example.com',
  reason: 'mails',
  optional: true,
  risk: 'high',
};

/** A person who gives these answers, in order. */
function person(...answers: readonly string[]): { context: CommandContext; asked: string[] } {
  const left = [...answers];
  const asked: string[] = [];
  const context = {
    output,
    flags: { has: () => false, value: () => undefined },
    ask: async (question: string) => {
      asked.push(question);
      return left.shift();
    },
  } as unknown as CommandContext;
  return { context, asked };
}

describe('approval of permissions on a terminal', () => {
  const rows: readonly [string, readonly string[], readonly PermissionQuestion[] | string][] = [
    ['yes takes all', ['yes'], [needed, extra]],
    ['no takes none', ['no'], 'MF807'],
    ['an answer that is none is asked again', ['perhaps', 'y'], [needed, extra]],
    ['one by one, both', ['each', 'yes', 'yes'], [needed, extra]],
    ['one by one, without the optional one', ['each', 'y', 'no'], [needed]],
    ['one by one, without what it needs', ['each', 'no'], 'MF807'],
    ['one by one, Enter alone is no', ['each', 'y', ''], [needed]],
    ['nobody there', [], 'MF669'],
  ];
  for (const [title, answers, outcome] of rows) {
    it(title, async () => {
      const { context } = person(...answers);
      const approved = approve(context, [needed, extra]);
      if (typeof outcome === 'string') await assert.rejects(approved, { code: outcome });
      else {
        const expected = outcome.map(({ capability, scope }) => ({ capability, scope }));
        assert.deepEqual(await approved, expected);
      }
    });
  }

  it('asks nobody when nothing is asked for', async () => {
    const { context, asked } = person();
    assert.deepEqual(await approve(context, []), []);
    assert.deepEqual(asked, []);
  });

  it('one by one, each question has the risk and the reason', async () => {
    const { context, asked } = person('each', 'y', 'y');
    await approve(context, [needed, extra]);
    assert.match(
      stripVTControlCharacters(asked[2]!),
      /^Send requests to example\.com \[high risk, optional\] – it says: mails\n/,
    );
  });
});

describe('a review in words', () => {
  it('says what is grave, and lets no word of the package draw on the terminal', () => {
    const evil = '\u001b[2J\u202eall is well\r';
    const lines = showReview(
      {
        ...packageReview,
        name: evil,
        publisher: evil,
        signature: 'modified',
        questions: [{ ...needed, sentence: evil, reason: evil }],
        findings: [{ severity: 'danger', rule: 'x', message: evil, file: evil, line: 3 }],
        obstacles: [evil],
      },
      output,
    ).join('\n');
    assert.match(lines, /modified.*ALTERED after it was signed/);
    assert.doesNotMatch(
      stripVTControlCharacters(lines.replaceAll('\u001b[2J', 'DRAWN')),
      /DRAWN|[\u001b\u202e\r]/,
    );
  });
});

describe('flags of the extension commands', () => {
  const settings: readonly [string, object][] = [
    ['column=title', { column: 'title' }],
    ['a=1,b=true,c=-2.5,d=', { a: 1, b: true, c: -2.5, d: '' }],
    ['{"a":"x,y"}', { a: 'x,y' }],
  ];
  for (const [text, value] of settings)
    it(`--set ${text}`, () => assert.deepEqual(readSettings(text), value));
  for (const text of ['column', '=1', '{"a"'])
    it(`--set ${text} is refused`, () => assert.throws(() => readSettings(text), { code: 'MF802' }));

  it('scopes keep their columns together', () =>
    assert.deepEqual(splitScopes('a(b,c), d ,e(f)'), ['a(b,c)', 'd', 'e(f)']));

  it('--expires 2h is two hours from now; the past and nonsense are refused', () => {
    assert.equal(readExpiry('2h', 0), '1970-01-01T02:00:00.000Z');
    for (const text of ['soon', '2000-01-01', '5y']) assert.throws(() => readExpiry(text), { code: 'MF802' });
  });
});
