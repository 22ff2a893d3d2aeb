import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { TextScorer } from '../../actors/sentinel/sqlguard/text-scorer.ts';
import { openScorer } from '../../runtime/cli/sentinel/open-scorer.ts';
import { scoreLines } from '../../runtime/cli/sentinel/score-lines.ts';
import type { Threat } from '../../runtime/protocol/sentinel.protocol.ts';
import { runMagflock } from '../cli/run-magflock.ts';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';
import { defaultSettings } from './support/default-settings.ts';
import { examples } from './support/examples.ts';

type Line = { score: number; band: string; action: string; why: string; error?: string };

const shipped = { models: undefined, dataFolder: false };
const keys = ['score', 'band', 'action', 'why'];
const actions = ['allow', 'log', 'throttle', 'block', 'escalate'];

describe('the scoring tool', () => {
  let values: TextScorer;
  let statements: TextScorer;
  before(async () => {
    values = (await openScorer(defaultSettings(), { ...shipped, surface: 'query' })).scorer;
    statements = (await openScorer(defaultSettings(), { ...shipped, surface: 'sql' })).scorer;
  });

  async function score(
    input: string | Uint8Array,
    surface: 'query' | 'body' | 'sql' = 'query',
    step = 65_536,
  ): Promise<{ lines: Line[]; bad: readonly number[] }> {
    const bytes = Buffer.from(input);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let from = 0; from < bytes.length; from += step) yield bytes.subarray(from, from + step);
    }
    let out = '';
    const write = async (text: string): Promise<void> => {
      out += text;
    };
    const { lines, bad, badCount } = await scoreLines(
      chunks(),
      surface === 'sql' ? statements : values,
      surface,
      write,
    );
    const written = out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
    assert.equal(written.length, lines);
    assert.equal(badCount, written.filter(({ error }) => error !== undefined).length);
    return { lines: written, bad };
  }

  const line = (text: string): string => `${JSON.stringify({ text })}\n`;

  it('answers each line with exactly four fields, in order, however the bytes come', async () => {
    const texts = ["1' or '1'='1", 'milk', 'naïve – “x”', '1; drop table a --', "O'Brien", ''];
    for (const step of [1, 7, 65_536]) {
      const { lines } = await score(texts.map(line).join(''), 'query', step);
      for (const one of lines) {
        assert.deepEqual(Object.keys(one), keys);
        assert.ok(one.score >= 0 && one.score <= 1 && actions.includes(one.action) && one.why.length > 10);
      }
      assert.deepEqual(
        lines.map(({ action }) => action),
        ['escalate', 'allow', 'allow', 'escalate', 'allow', 'allow'],
      );
    }
  });

  it('keeps order and count over batches', async () => {
    const texts = Array.from({ length: 1500 }, (_, at) => (at % 3 === 0 ? `${at}' or '1'='1` : `word ${at}`));
    const { lines } = await score(texts.map(line).join(''));
    assert.ok(lines.every(({ action }, at) => (action === 'escalate') === (at % 3 === 0)));
  });

  it('says what is wrong with a line in its place and goes on', async () => {
    const { lines, bad } = await score(
      `no json\n${line('milk')}\n[1]\n{"text":1}\nnull\n${line("' or 1=1 --")}`,
    );
    assert.deepEqual(
      lines.map(({ error, action }) => error ?? action),
      [
        'line 1 is no JSON',
        'allow',
        'line 3 is no JSON',
        'line 4 has no "text" that is a string',
        'line 5 has no "text" that is a string',
        'line 6 has no "text" that is a string',
        'escalate',
      ],
    );
    assert.deepEqual(bad, [1, 3, 4, 5, 6]);
  });

  for (const surface of ['query', 'body', 'sql'] as const) {
    it(`takes whatever text there is: ${surface}`, async () => {
      const { lines } = await score(
        Buffer.concat([
          Buffer.from('\ufeff{"text":"\\ud800 lone \\udc00"}\r\n{"text":"a\u2028b\u2029c"}\n{"text":"'),
          Buffer.from([0xff, 0xfe, 0xc3]),
          Buffer.from(
            `"}\n${line('\0')}${line('x'.repeat(2 ** 20))}${line("'(".repeat(2 ** 19))}{"text":""}`,
          ),
        ]),
        surface,
      );
      assert.equal(lines.length, 7);
      for (const { error, score: one } of lines) assert.ok(error === undefined && one >= 0 && one <= 1);
    });
  }

  it('refuses a line that is too long without keeping it', async () => {
    const { lines } = await score(`{"text":"${'x'.repeat(17 * 2 ** 20)}"}\n${line('milk')}`);
    assert.deepEqual(
      lines.map(({ error, action }) => error ?? action),
      ['line 1 is longer than 16 MiB', 'allow'],
    );
  });

  it('is a command that needs no daemon, and ends with 4 when a line could not be read', async () => {
    const run = await runMagflock(
      ['sentinel', 'score', '--agent', 'sqlguard', '--surface', 'body', '--json'],
      {
        stdin: `${line("x' union select null --")}oops\n`,
      },
    );
    assert.equal(run.code, 4, run.stderr);
    const [first, second, ...rest] = run.stdout.split('\n');
    assert.deepEqual(Object.keys(JSON.parse(first ?? '')), keys);
    assert.deepEqual([JSON.parse(second ?? ''), rest], [{ error: 'line 2 is no JSON' }, ['']]);
    assert.match(run.stderr, /judged by shipped-[0-9a-f]{8}/);
    const wrong = await runMagflock(['sentinel', 'score', '--surface', 'body']);
    assert.match(wrong.stderr, /error\[MF802\]/);
  });

  describe('and a running daemon', function () {
    this.timeout(60_000);
    let daemon: RunningDaemon;
    before(async () => {
      const flags = ['--cores', '1', '--sentinel-block-after', '0', '--sentinel-throttle-per-minute', '1000'];
      daemon = await startDaemon({ flags: [...flags, '--sentinel-timeout-ms', '10000'] });
    });
    after(() => daemon?.stop());

    it('judge parameters and strings of bodies alike, to the score', async () => {
      const sent = await Promise.all(
        (['query', 'body'] as const).map(async (surface) => {
          const judged = await values.score(texts, surface);
          return texts.map((text, at) => ({ surface, text, ...judged[at]! }));
        }),
      );
      // Those whose verdict shows in the incident alone come first.
      const order = sent.flat().toSorted((a, b) => rank(a.action) - rank(b.action));
      const kinds = new Set<string>();
      for (const { surface, text, action } of order) {
        const status = await send(surface, text);
        kinds.add(`${surface} ${action}`);
        assert.equal(status === 403, action === 'block' || action === 'escalate', `${surface}: ${text}`);
      }
      for (const kind of ['query log', 'query escalate', 'query allow', 'body block', 'body allow']) {
        assert.ok(kinds.has(kind), `no text for ${kind}`);
      }
      const quiet = order.filter(({ action }) => action === 'log' || action === 'throttle');
      const refused = order.filter(({ action }) => action === 'block' || action === 'escalate');
      const wanted = [...quiet, ...refused.slice(0, 10)];
      const kept = await incidents(wanted);
      let compared = 0;
      for (const { surface, text, score: expected, band, action } of order) {
        const threat = kept.get(placeOf(surface, text));
        if (threat === undefined) continue;
        compared += 1;
        assert.ok(
          Math.abs(threat.score - expected) < 1e-4,
          `${surface} ${text}: ${threat.score}, ${expected}`,
        );
        assert.deepEqual([threat.band, threat.action], [band, action], `${surface}: ${text}`);
      }
      assert.ok(compared >= wanted.length, `${compared} incidents compared`);
    });

    async function send(surface: 'query' | 'body', text: string): Promise<number> {
      const key = { 'x-api-key': daemon.secretKey };
      const path = `${daemon.url}/api/nothing`;
      const answer = await (surface === 'query'
        ? fetch(`${path}?q=${encodeURIComponent(text)}`, { headers: key })
        : fetch(path, {
            method: 'POST',
            headers: { ...key, 'content-type': 'application/json' },
            body: JSON.stringify({ text }),
          }));
      await answer.arrayBuffer();
      return answer.status;
    }

    /** Of one caller a few incidents in a second are kept: what is missing is sent once more. */
    async function incidents(
      sent: readonly { readonly surface: 'query' | 'body'; readonly text: string }[],
    ): Promise<Map<string, Threat>> {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        const { json } = await daemon.control('GET', '/control/v1/sentinel/threats?limit=1000');
        const kept = new Map(
          (json as Threat[]).map((threat) => [`${threat.surface} ${threat.digest}`, threat]),
        );
        const missing = sent.filter(({ surface, text }) => !kept.has(placeOf(surface, text)));
        if (missing.length === 0) return kept;
        for (const { surface, text } of missing.slice(0, 5)) await send(surface, text);
      }
    }
  });
});

const rank = (action: string): number => (action === 'log' || action === 'throttle' ? 0 : 1);

function placeOf(surface: 'query' | 'body', text: string): string {
  return `${surface} ${createHash('sha256').update(text).digest('hex')}`;
}

/** Both kinds, and what encodings could make of either. */
const texts: readonly string[] = [
  ...Object.values(examples).map(([first]) => first!),
  ...`O'Brien|milk and bread|100%|50%+20%|a+b=c|1+1|%27|%2527 or 1|C:\\temp\\new|50% off -- today only!|naïve café
Ünïcödé ’quotes’|日本語のテキスト|emoji 👍🏽 ok|Union Select Committee|drop table reservations at the restaurant|5' 11"
1'000.00|select your seat from the table|AT&T (R&D); O'Reilly & sons|x' -> '$.a' = '1|1' ->> 'a' is null--|' regexp '^a
x' ~ '^a|x' @> '{}|1 collate "C" = 1|1%df' or 1=1#|%27%20or%201=1--|1&#39; or 1=1 --|＇ ｏｒ １＝１|\\u0027 or 1=1
1%u0027 or 1=1|x'/**/or/**/1=1|UN/**/ION SEL/**/ECT 1|(select*from(select(sleep(5)))a)|1 or sleep(5)|case when 1=1 then 1 else 0 end
hello there 1' and 1=cast((select version()) as int)--|How do I write SELECT name FROM users WHERE a = 'b'?|rock 'n' roll
{"a": "b' or 'c"}|<a href='x'>link</a>|const x = 'a' || 'b';|a=b&c=d|?x=1&y=%20|+-*/=<>|''''|"|'|--|/*|;|\\|(|1e5|null|true`.split(
    /[|\n]/,
  ),
];
