import assert from 'node:assert/strict';
import type { ActionPlan } from '../../../extensions/maggate/dialects/rest/action-plan.ts';
import type { MediaType } from '../../../extensions/maggate/dialects/rest/media-type.ts';
import { planAction } from '../../../extensions/maggate/dialects/rest/plan/plan-action.ts';
import type { RestRequest } from '../../../extensions/maggate/dialects/rest/rest-request.ts';
import { by, call, col, filter, rel } from './plan-request.ts';
import { planSchema } from './plan-schema.ts';
import { planText } from './plan-text.ts';

function planned(request: RestRequest): Extract<ActionPlan, { kind: 'call' }> {
  const plan = planAction(planSchema(), request);
  assert.ok(plan.kind === 'call');
  return plan;
}

function signature(request: RestRequest): string {
  const { routine } = planned(request).call;
  return `${routine.name}(${routine.parameters.map(({ name, type }) => `${name} ${type}`).join(', ')})`;
}

function content(kind: 'json' | 'text' | 'xml' | 'octet-stream' | 'csv' | 'form'): {
  rest: { contentType: MediaType };
} {
  return { rest: { contentType: { kind } } };
}

describe('MagGate: which function a call of the PostgREST dialect means', () => {
  const found: [request: RestRequest, expected: string][] = [
    [call('GET', 'overloaded'), 'overloaded()'],
    [call('GET', 'overloaded', ['a', 'b']), 'overloaded(a integer, b integer)'],
    [call('POST', 'overloaded', ['c', 'b', 'a']), 'overloaded(a text, b text, c text)'],
    [call('GET', 'same_args', ['arg', 'num']), 'same_args(arg text, num integer)'],
    [call('GET', 'optional', ['a']), 'optional(a integer, b integer)'],
    [call('GET', 'optional', ['b', 'a']), 'optional(a integer, b integer)'],
    [call('GET', 'summed', ['v']), 'summed(v integer[], start integer)'],
    [call('POST', 'named_or_json', ['x', 'y']), 'named_or_json(x integer, y integer)'],
    [call('POST', 'named_or_json', ['a']), 'named_or_json( json)'],
    [call('POST', 'unnamed_text', [], content('text')), 'unnamed_text( text)'],
    [call('POST', 'unnamed_bytea', [], content('octet-stream')), 'unnamed_bytea( bytea)'],
  ];
  for (const [request, expected] of found) {
    const given = [...request.columns, ...request.query.parameters.map(([name]) => name)].join(', ');
    it(`${request.action.kind === 'call' ? request.action.method : ''} (${given}): ${expected}`, () => {
      assert.equal(signature(request), expected);
    });
  }

  type Missing = [title: string, request: RestRequest, message: string, details: string, hint: string | null];
  const missing: readonly Missing[] = [
    [
      'an unknown name',
      call('GET', 'sayhell'),
      'test.sayhell without parameters',
      'test.sayhell without parameters',
      'test.sayhello',
    ],
    [
      'an unknown argument',
      call('GET', 'sayhello', ['nam']),
      'test.sayhello(nam)',
      'test.sayhello with parameter nam',
      'test.sayhello(name)',
    ],
    [
      'an argument too many',
      call('GET', 'add_them', ['smthelse', 'a', 'b']),
      'test.add_them(a, b, smthelse)',
      'test.add_them with parameters a, b, smthelse',
      'test.add_them(a, b)',
    ],
    [
      'overloads none of which is near',
      call('GET', 'overloaded', ['wrong_arg']),
      'test.overloaded(wrong_arg)',
      'test.overloaded with parameter wrong_arg',
      null,
    ],
    [
      'overloads one of which is near',
      call('GET', 'overloaded', ['a', 'b', 'wrong_arg']),
      'test.overloaded(a, b, wrong_arg)',
      'test.overloaded with parameters a, b, wrong_arg',
      'test.overloaded(a, b, c)',
    ],
    [
      'a JSON body',
      call('POST', 'sayhello', ['A', 'B']),
      'test.sayhello(A, B)',
      'test.sayhello with parameters A, B or with a single unnamed json/jsonb parameter',
      null,
    ],
    [
      'a JSON body without keys',
      call('POST', 'sayhello'),
      'test.sayhello without parameters',
      'test.sayhello without parameters or with a single unnamed json/jsonb parameter',
      null,
    ],
    [
      'a text',
      call('POST', 'whole', [], content('text')),
      'test.whole',
      'test.whole with a single unnamed text parameter',
      null,
    ],
    [
      'a text that a function without parameters would drop',
      call('POST', 'all_projects', [], content('text')),
      'test.all_projects',
      'test.all_projects with a single unnamed text parameter',
      null,
    ],
    [
      'XML',
      call('POST', 'whole', [], content('xml')),
      'test.whole',
      'test.whole with a single unnamed xml parameter',
      null,
    ],
    [
      'bytes',
      call('POST', 'whole', [], content('octet-stream')),
      'test.whole',
      'test.whole with a single unnamed bytea parameter',
      null,
    ],
    [
      'CSV, which no single parameter takes',
      call('POST', 'named_or_json', ['a', 'b'], content('csv')),
      'test.named_or_json(a, b)',
      'test.named_or_json with parameters a, b',
      'test.named_or_json(x, y)',
    ],
  ];
  for (const [title, request, message, details, hint] of missing) {
    it(`PGRST202: ${title}`, () => {
      assert.throws(() => planned(request), {
        status: 404,
        code: 'PGRST202',
        message: `Could not find the function ${message} in the schema cache`,
        details: `Searched for the function ${details}, but no matches were found in the schema cache.`,
        hint: hint === null ? null : `Perhaps you meant to call the function ${hint}`,
      });
    });
  }

  const ambiguous: [request: RestRequest, candidates: string][] = [
    [
      call('GET', 'same_args', ['arg']),
      'test.same_args(arg => integer), test.same_args(arg => xml), test.same_args(arg => text, num => integer)',
    ],
    [call('POST', 'whole', ['A']), 'test.whole( => json), test.whole( => jsonb)'],
  ];
  for (const [request, candidates] of ambiguous) {
    it(`PGRST203: ${candidates}`, () => {
      assert.throws(() => planned(request), {
        status: 300,
        code: 'PGRST203',
        message: `Could not choose the best candidate function between: ${candidates}`,
        details: null,
        hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
      });
    });
  }
});

describe('MagGate: planned calls of the PostgREST dialect', () => {
  it('takes arguments from the query string: the last of a repeated one, all of a VARIADIC one', () => {
    const parameters = [
      ['v', '1'],
      ['start', '5'],
      ['v', '2'],
      ['start', '6'],
    ] as const;
    const { args, parameters: used } = planned(call('GET', 'summed', [], { query: { parameters } })).call;
    assert.ok(args.kind === 'direct' && used.kind === 'named');
    assert.deepEqual(args.values.get('v'), { kind: 'variadic', values: ['1', '2'] });
    assert.deepEqual(args.values.get('start'), { kind: 'fixed', value: '6' });
    assert.deepEqual(
      used.parameters.map(({ name }) => name),
      ['v', 'start'],
    );
  });

  it('leaves parameters with a default out when they are not given', () => {
    const { parameters } = planned(call('GET', 'optional', ['a'])).call;
    assert.deepEqual(parameters.kind === 'named' && parameters.parameters.map(({ name }) => name), ['a']);
  });

  it('takes arguments from a form, and a JSON body as it is', () => {
    const form = { kind: 'form', pairs: [['name', 'x']], keys: new Set(['name']) } as const;
    const asForm = { rest: { contentType: { kind: 'form' }, payload: form, columns: form.keys } } as const;
    const { args } = planned(call('POST', 'sayhello', [], asForm)).call;
    assert.deepEqual(args.kind === 'direct' && [...args.values], [['name', { kind: 'fixed', value: 'x' }]]);
    const payload = {
      kind: 'json',
      text: '{"name":"x"}',
      keys: form.keys,
      many: false,
      empty: false,
    } as const;
    assert.deepEqual(
      planned(call('POST', 'sayhello', ['name'], { rest: { payload, columns: form.keys } })).call.args,
      {
        kind: 'body',
        text: '{"name":"x"}',
      },
    );
  });

  it('hands the whole body to a single unnamed parameter', () => {
    const payload = { kind: 'raw', text: 'plain' } as const;
    const rest = { payload, contentType: { kind: 'text' } } as const;
    const { args, parameters } = planned(call('POST', 'unnamed_text', [], { rest })).call;
    assert.deepEqual([parameters.kind, args], ['unnamed', { kind: 'body', text: 'plain' }]);
  });

  it('embeds what the table of its rows embeds, and returns what that and the filters need', () => {
    const query = {
      select: [col('name'), rel('clients', [col('name')])],
      filters: [
        filter('id'),
        filter('clients.name'),
        filter('clients', { kind: 'is', value: 'null' } as const, true),
      ],
      order: [{ path: [], terms: [by('words')] }],
    };
    const plan = planned(call('GET', 'all_projects', [], { query }));
    assert.deepEqual(planText(plan.read), [
      'pgrst_source projects (name) where id eq and not no rows of projects_clients_1 order words desc' +
        ' shows clients: object projects_clients_1',
      '  test.clients clients_1 (name) on clients_1.id = projects.client_id where name eq',
    ]);
    assert.deepEqual(plan.call.returning, ['client_id', 'name']);
    assert.deepEqual(plan.call.filterFields, ['id', 'words']);
  });

  const modes: [request: RestRequest, readOnly: boolean][] = [
    [call('GET', 'sayhello', ['name']), true],
    [call('HEAD', 'sayhello', ['name']), true],
    [call('POST', 'sayhello', ['name']), false],
    [call('POST', 'add_them', ['a', 'b']), true],
    [call('POST', 'all_projects'), true],
  ];
  for (const [request, readOnly] of modes) {
    const { action } = request;
    it(`${action.kind === 'call' && `${action.method} ${action.routine.name}`}: ${readOnly ? 'only reads' : 'may write'}`, () => {
      assert.equal(planned(request).readOnly, readOnly);
    });
  }

  it('allows max-affected on sets', () => {
    const preferences = { handling: 'strict', maxAffected: 1 } as const;
    assert.equal(planned(call('POST', 'all_projects', [], { preferences })).kind, 'call');
  });
});
