import assert from 'node:assert/strict';
import type { MediaType } from '../../../extensions/maggate/dialects/rest/media-type.ts';
import { planAction } from '../../../extensions/maggate/dialects/rest/plan/plan-action.ts';
import type { RestRequest } from '../../../extensions/maggate/dialects/rest/rest-request.ts';
import type { MediaHandlerFunction } from '../../../extensions/maggate/schema-cache/data-schema.ts';
import { call, col, planRequest, read, rel, write } from './plan-request.ts';
import { planSchema } from './plan-schema.ts';

function handler(name: string, relation: string | null, mediaType: string): MediaHandlerFunction {
  return {
    function: { schema: 'test', name },
    relation: relation === null ? null : { schema: 'test', name: relation },
    mediaType,
  };
}

const mediaHandlers = new Map([
  ['\0\0text/csv', handler('own_csv', null, 'text/csv')],
  ['\0\0application/vnd.any', handler('any_vendor', null, 'application/vnd.any')],
  ['test\0projects\0application/vnd.projects', handler('vendor', 'projects', 'application/vnd.projects')],
  ['test\0clients\0*/*', handler('bytes', 'clients', 'application/octet-stream')],
  ['test\0sayhello\0text/plain', handler('plain', 'sayhello', 'text/plain')],
]);
const schema = planSchema({ mediaHandlers });

function chosen(request: RestRequest, accept: readonly MediaType[], from = schema): string {
  const { handler: by, media } = planAction(from, { ...request, accept });
  const how = by.kind === 'custom' ? by.handler.function.name : by.kind;
  return `${how} as ${media.kind === 'other' ? media.name : media.kind}`;
}

const any = { kind: 'any' } as const;
const vendor = { kind: 'other', name: 'application/vnd.projects' } as const;
const singular = { kind: 'singular', nullsStripped: true } as const;
const noStar = { query: { select: [col('id')] } };
const embedding = { query: { select: [col('*'), rel('clients')] } };
const head = planRequest({ kind: 'read', table: { schema: 'test', name: 'projects' }, headersOnly: true });
const shown = { preferences: { return: 'representation' } } as const;

describe('MagGate: the media type of an answer of the PostgREST dialect', () => {
  const rows: [title: string, request: RestRequest, accept: readonly MediaType[], expected: string][] = [
    ['anything is JSON', read('projects'), [any], 'json as json'],
    ['JSON', read('projects'), [{ kind: 'json' }], 'json as json'],
    ['GeoJSON', read('projects'), [{ kind: 'geojson' }], 'geojson as geojson'],
    ['one object', read('projects'), [singular], 'single-json as singular'],
    [
      'an array without nulls',
      read('projects'),
      [{ kind: 'array-stripped' }],
      'array-stripped as array-stripped',
    ],
    [
      'the first that can be made',
      read('projects'),
      [{ kind: 'text' }, { kind: 'geojson' }, any],
      'geojson as geojson',
    ],
    ["the project's own CSV", read('projects', noStar), [{ kind: 'csv' }], 'own_csv as csv'],
    [
      'a type that any relation has',
      read('logs'),
      [{ kind: 'other', name: 'application/vnd.any' }],
      'any_vendor as application/vnd.any',
    ],
    ['a type of the relation', read('projects'), [vendor], 'vendor as application/vnd.projects'],
    ['a handler of every type', read('clients'), [{ kind: 'json' }], 'bytes as octet-stream'],
    ['… which takes whole rows only', read('clients', noStar), [{ kind: 'json' }], 'json as json'],
    ['… and not one object', read('clients'), [singular], 'single-json as singular'],
    ['a type of a function', call('GET', 'sayhello', ['name']), [{ kind: 'text' }], 'plain as text'],
    ['no body for HEAD', head, [any], 'none as json'],
    ['no body for HEAD of a function', call('HEAD', 'all_projects'), [any], 'none as json'],
    ['no body for a write', write('delete', 'projects'), [{ kind: 'csv' }], 'none as csv'],
    [
      'no body for a write that wants headers',
      write('delete', 'projects', { preferences: { return: 'headers-only' } }),
      [any],
      'none as json',
    ],
    ['the rows of a write that wants them', write('delete', 'projects', shown), [any], 'json as json'],
  ];
  for (const [title, request, accept, expected] of rows) {
    it(title, () => assert.equal(chosen(request, accept), expected));
  }

  it('its own CSV without a handler', () => {
    assert.equal(chosen(read('projects'), [{ kind: 'csv' }], planSchema()), 'csv as csv');
  });

  const refused: [request: RestRequest, accept: readonly MediaType[], names: string][] = [
    [read('logs'), [{ kind: 'other', name: 'text/unknowntype' }], 'text/unknowntype'],
    [read('logs'), [{ kind: 'text' }, { kind: 'octet-stream' }], 'text/plain, application/octet-stream'],
    [read('logs'), [{ kind: 'other', name: 'constructor' }], 'constructor'],
    [read('projects', noStar), [vendor], 'application/vnd.projects'],
    [read('projects', embedding), [vendor], 'application/vnd.projects'],
    [write('delete', 'logs', shown), [{ kind: 'openapi' }], 'application/openapi+json'],
  ];
  for (const [request, accept, names] of refused) {
    it(`PGRST107: ${names}`, () => {
      assert.throws(() => chosen(request, accept), {
        status: 406,
        code: 'PGRST107',
        message: `None of these media types are available: ${names}`,
        details: null,
        hint: null,
      });
    });
  }

  const plan = { kind: 'plan', for: { kind: 'csv' }, format: 'text', options: ['analyze'] } as const;

  it('the plan of a type, when plans are on', () => {
    const on = planSchema({ settings: { dbPlanEnabled: true } });
    assert.equal(chosen(read('projects'), [plan], on), 'csv as plan');
    assert.equal(chosen(read('projects'), [{ ...plan, for: singular }], on), 'single-json as plan');
    assert.throws(() => chosen(read('projects'), [{ ...plan, for: vendor }], on), { code: 'PGRST107' });
    assert.throws(() => chosen(read('projects'), [{ ...plan, for: plan }], on), { code: 'PGRST107' });
  });

  it('no plan when plans are off, but what else is acceptable', () => {
    assert.equal(chosen(read('projects'), [plan, any]), 'json as json');
    assert.throws(() => chosen(read('projects'), [plan]), {
      message:
        'None of these media types are available: application/vnd.pgrst.plan+text; for="text/csv"; options=analyze',
    });
  });
});
