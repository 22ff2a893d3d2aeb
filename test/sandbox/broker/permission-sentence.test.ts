import assert from 'node:assert/strict';
import type { CapabilityName } from '../../../runtime/protocol/extension-manifest.ts';
import { hookSentences } from '../../../sandbox/broker/hook-sentences.ts';
import { permissionQuestion } from '../../../sandbox/broker/permission-sentence.ts';
import { terminalSafe } from '../../../sandbox/broker/terminal-safe.ts';

const manifest = {
  name: 'hello-you',
  routes: [
    { method: 'POST', path: '/webhook', public: true },
    { method: 'GET', path: '/hello' },
  ],
  limits: { diskMegabytes: 128 },
} as const;

describe('sandbox: permissions in plain sentences', () => {
  const rows: readonly (readonly [
    capability: CapabilityName,
    scope: string[],
    sentence: string,
    risk: string,
  ])[] = [
    ['db.read', ['orders'], 'Read rows of table orders', 'medium'],
    ['db.read', ['orders(id,total)'], 'Read columns id and total of table orders', 'low'],
    [
      'db.read',
      ['orders(id)', 'items'],
      'Read column id of table orders; read rows of table items',
      'medium',
    ],
    ['db.read', ['*'], 'Read rows of every table, now and in future', 'high'],
    ['db.write', ['*'], 'Write rows of every table, now and in future', 'high'],
    ['db.write', ['orders(note)'], 'Write column note of table orders', 'medium'],
    ['db.write', ['a(b'], 'Write nothing, since "a(b" is no table', 'low'],
    ['db.schema', ['*'], 'Keep tables of its own, and use them, in schema ext_hello_you', 'low'],
    ['net.fetch', ['api.example.com'], 'Send requests to api.example.com over the internet', 'medium'],
    [
      'net.fetch',
      ['*.example.com'],
      'Send requests to every host below example.com over the internet',
      'medium',
    ],
    ['net.fetch', ['*'], 'Send requests to any host of the internet', 'high'],
    [
      'http.route',
      ['*'],
      'Answer requests without a key at POST /ext/hello-you/webhook; answer requests below /ext/hello-you',
      'medium',
    ],
    ['http.mount', ['/shop'], 'Answer requests at /shop and everything below', 'high'],
    ['files', ['*'], 'Keep files of its own, up to 128 MB', 'low'],
    ['cache', ['*'], 'Keep values in the memory of the machine, up to 4 MB a project', 'low'],
    ['secrets.read', ['smtp', 'api'], 'Read the value of secret smtp and api', 'medium'],
    ['secrets.read', ['*'], 'Read every secret, now and in future', 'high'],
    ['events.emit', ['order.paid'], 'Send messages named order.paid to other extensions', 'low'],
    ['events.on', ['database.row.written'], 'Be woken by the events database.row.written', 'low'],
    ['catalog.read', ['*'], 'See names and columns of every table', 'low'],
    [
      'db.read',
      ['orders, but nothing else'],
      'Read nothing, since "orders, but nothing else" is no table',
      'low',
    ],
    ['secrets.read', ['smtp" only'], `Read the value of secret "smtp' only"`, 'medium'],
    ['secrets.read', ['\u001b[2Jx'], 'Read the value of secret \\u{1b}[2Jx', 'medium'],
    ['secrets.read', ['a\nb'], 'Read the value of secret a\\u{a}b', 'medium'],
    ['secrets.read', ['\u202ex'], 'Read the value of secret \\u{202e}x', 'medium'],
    // Cyrillic letters that look like Latin ones.
    [
      'net.fetch',
      ['\u0430pi.example.com'],
      'Send requests to \\u{430}pi.example.com over the internet',
      'medium',
    ],
  ];
  for (const [capability, scope, sentence, risk] of rows) {
    it(sentence, () => {
      const question = permissionQuestion({ capability, scope, reason: 'why\u0007' }, manifest);
      assert.equal(question.sentence, sentence);
      assert.equal(question.risk, risk);
      assert.equal(question.reason, 'why\\u{7}');
      assert.equal(question.optional, false);
    });
  }

  it('a thousand scopes are a sentence that ends', () => {
    const scope = Array.from({ length: 1_000 }, (_, n) => `t${n}`);
    const { sentence } = permissionQuestion({ capability: 'db.read', scope, reason: '' }, manifest);
    assert.ok(sentence.endsWith('; and 980 more, see the manifest'), sentence);
  });

  it('says what hooks do', () => {
    const hooks = hookSentences({
      hooks: [
        { when: 'before', tables: ['article'], operations: ['create', 'update'] },
        { when: 'after', tables: ['*'], operations: ['read'] },
      ],
    });
    assert.deepEqual(hooks, [
      {
        sentence:
          'Change or refuse create and update requests on table article (before-hook); they are refused while it fails',
        risk: 'medium',
      },
      { sentence: 'See and change the answers of read requests on every table (after-hook)', risk: 'high' },
    ]);
  });

  it('keeps names of other languages readable', () => {
    for (const name of ['größe', 'año', '注文', 'ひらがな', '한국']) assert.equal(terminalSafe(name), name);
    assert.equal(terminalSafe('e\u0301'), 'é');
    assert.equal(terminalSafe('x'.repeat(200)).length, 121);
  });
});
