import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TextJudge } from '../../../actors/sentinel/patrol/text-judge.ts';
import { shippedVersion } from '../../../actors/sentinel/shelf/shipped-version.ts';
import { parseStatement } from '../../../actors/sentinel/statements/parse-statement.ts';
import { ShapeBook } from '../../../actors/sentinel/statements/shape-book.ts';
import { StatementGuard } from '../../../actors/sentinel/statements/statement-guard.ts';
import type { ExtensionsProtocol } from '../../../runtime/protocol/extensions.protocol.ts';
import type { Incident, StatementFacts } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { ExtensionLoginRequest } from '../../../runtime/protocol/storage.protocol.ts';
import { type ActorTestKit, startActor } from '../../../runtime/testing/actor-test-kit.ts';
import type {
  ExtensionsArguments,
  ExtensionsStation,
} from '../../../sandbox/extension/extensions-station.ts';
import { actor } from '../../../sandbox/extensions.actor.ts';
import { canonicalJson } from '../../../sandbox/package/canonical-json.ts';
import { encodePackage } from '../../../sandbox/package/encode-package.ts';
import { type TestCluster, type TestProject, testCluster } from '../../support/test-cluster.ts';

/** What not to do: the value of a stranger in the text of the statement. */
const vulnerable = `export default {
  onRequest(request, context) {
    return context.db.read.query("select title from notes where owner = '" + request.query + "' order by id").then(
      ({ rows }) => ({ body: rows.map(({ title }) => title) }),
      ({ code, details }) => ({ status: 403, body: { code, incident: details?.incident } }),
    );
  },
};`;
const permissions = [
  { capability: 'http.route', scope: ['*'], reason: 'answers' },
  { capability: 'db.read', scope: ['notes'], reason: 'finds' },
] as const;

describe('an extension that puts values into its statements', function () {
  this.timeout(40_000);
  const folder = mkdtempSync(join(tmpdir(), 'magflock-injected-'));
  const incidents: Incident[] = [];
  let cluster: TestCluster;
  let project: TestProject;
  let kit: ActorTestKit<ExtensionsStation, ExtensionsProtocol>;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    await project.sql(`create table notes (id serial primary key, owner text, title text);
      insert into notes (owner, title) values ('ann', 'milk'), ('bob', 'secret'), ('o''neil', 'bread')`);
    const { version } = await shippedVersion();
    const judge = await TextJudge.load(version, ['statements']);
    const guard = new StatementGuard({
      judge: async ({ texts, explainFrom }) => ({
        version: version.version,
        shadowVersion: null,
        scores: await judge.judge('statements', texts, undefined, explainFrom),
        tookMicros: 1,
      }),
      parse: parseStatement,
      models: () => ({ active: version, shadow: null }),
      mode: () => 'block',
      whenUnjudged: () => 'closed',
      shapes: new ShapeBook({ load: async () => [], add: async () => {} }, assert.ifError),
      report: (incident) => incidents.push(incident),
      unjudged: assert.ifError,
    });
    kit = await startActor<ExtensionsStation, ExtensionsProtocol, ExtensionsArguments>(actor, {
      args: { engine: '0.1.0' },
      settings: { dataDir: folder },
      parts: {
        audit: { append: () => ({ id: 'a' }) },
        sentinel: { judgeStatement: (facts: StatementFacts) => guard.judgeStatement(facts) },
        storage: {
          listProjects: () => [{ ref: project.ref }],
          extensionLogin: (request: ExtensionLoginRequest) => cluster.storage.extensionLogin(request),
          dropExtensionLogin: () => ({ dropped: false }),
        },
      },
    });
    const manifest = {
      id: 'acme.search',
      name: 'search',
      version: '1.0.0',
      description: 'Finds notes.',
      requiredComponents: [],
      permissions,
      routes: [{ method: 'GET', path: '/search' }],
    };
    const file = join(folder, 'search.magx');
    writeFileSync(
      file,
      encodePackage([
        { path: 'magflock.extension.json', bytes: Buffer.from(canonicalJson(manifest)) },
        { path: 'extension.js', bytes: Buffer.from(vulnerable) },
      ]),
    );
    await kit.ask('install', { file, projects: [project.ref], grants: permissions, allowUnsigned: true });
  });
  after(async () => {
    await kit.stop();
    await project.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const search = async (query: string): Promise<{ status?: number; body: unknown }> =>
    JSON.parse(
      await kit.ask('request', {
        extension: 'acme.search',
        project: project.ref,
        request: JSON.stringify({ project: project.ref, path: '/search', method: 'GET', query }),
        requestId: 'r-1',
      }),
    );

  for (const [value, found] of [
    ['ann', ['milk']],
    ["o''neil", ['bread']],
    ['nobody -- really', []],
    ['select * from notes', []],
    ['1 or 1=1', []],
  ] as const) {
    it(`serves ${value}`, async () => {
      assert.deepEqual(await search(value), { body: found });
      assert.deepEqual(incidents, []);
    });
  }

  for (const value of [
    "' or '1'='1",
    "' or 1=1 --",
    "ann' union select title from notes --",
    "ann' union all select usename::text from pg_user where '1'='1",
    "ann' and 1=(select 1 from pg_sleep(3)) --",
    "'; drop table notes; --",
  ]) {
    it(`is stopped with ${value}`, async () => {
      incidents.length = 0;
      const answer = await search(value);
      const [incident] = incidents;
      assert.deepEqual(answer, { status: 403, body: { code: 'MF301', incident: incident?.id } });
      assert.deepEqual(
        [incident?.path, incident?.surface, incident?.enforced, incident?.counts],
        ['extension:acme.search', 'sql', true, false],
      );
    });
  }
});
