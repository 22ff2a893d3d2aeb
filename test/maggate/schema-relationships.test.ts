import { deepEqual, ok } from 'node:assert/strict';
import { readCatalog } from '../../actors/storage/owner/read-catalog.ts';
import { defaultDataApiSettings } from '../../actors/storage/settings/default-data-api-settings.ts';
import { compileDataSchema } from '../../extensions/maggate/schema-cache/compile-data-schema.ts';
import type {
  Cardinality,
  DataSchema,
  Relationship,
} from '../../extensions/maggate/schema-cache/data-schema.ts';
import { nameKey } from '../../extensions/maggate/schema-cache/name-key.ts';
import { type TestProject, testCluster } from '../support/test-cluster.ts';

const ddl = `
  create schema api; create schema api2; create schema private;
  -- many to one, composite, self, one to one
  create table api.client (id int primary key, name text);
  create table api.project (id int primary key, client_id int constraint project_client references api.client, parent_id int constraint project_parent references api.project);
  create table api.task (project_id int constraint task_project references api.project, nr int, owner int, primary key (project_id, nr));
  create table api.step (project_id int, task_nr int, id int primary key, constraint step_task foreign key (project_id, task_nr) references api.task (project_id, nr));
  create table api.contact (client_id int primary key constraint contact_client references api.client, note text);
  create table api.badge (id int primary key, client_id int unique constraint badge_client references api.client);
  create table api.partial (id int primary key, a int, client_id int constraint partial_client references api.client, unique (a, client_id));
  -- many to many
  create table api.person (id int primary key);
  create table api.person_project (person_id int constraint pp_person references api.person, project_id int constraint pp_project references api.project, since date, primary key (person_id, project_id));
  create table api.no_junction (id int primary key, person_id int constraint nj_person references api.person, client_id int constraint nj_client references api.client);
  create table api.friend (a int constraint friend_a references api.person, b int constraint friend_b references api.person, primary key (a, b));
  create table private.person_client (person_id int constraint hidden_person references api.person, client_id int constraint hidden_client references api.client, primary key (person_id, client_id));
  -- another exposed schema
  create table api2.report (id int primary key, project_id int constraint report_project references api.project);
  -- views
  create view api.project_view as select id as "projectId", client_id as "clientId" from api.project;
  create view api.project_view_view as select "projectId" as pid, "clientId" as cid from api.project_view;
  create view api.no_key_view as select client_id from api.project;
  create view api.joined_view as select t.project_id, t.nr, c.id as client_id from api.task t join api.project p on p.id = t.project_id join api.client c on c.id = p.client_id;
  create view api.union_view as select id, client_id from api.project union select id, client_id from api.project;
  create view api.half_view as select project_id from api.task;
  create view api.twice_view as select id, id as same_id, client_id as one, client_id as two from api.project;
  create view api.with_view as with w as (select id, client_id from api.project) select w.id, w.client_id, (select max(x.id) from api.person x) as most from w, lateral (select 1 as unused) s;
  create view api."odd {view} \\ :resno 9" as select id as "odd ) :resorigtbl 1 {col}", client_id as "c" from api.project;
  create materialized view api.kept_view as select id, client_id from api.project;
  create table private.secret (id int primary key, client_id int constraint secret_client references api.client);
  create view private.secret_inner as select id, client_id from private.secret;
  create view api.secret_view as select id, client_id from private.secret_inner;
  create view api.direct_secret_view as select id, client_id from private.secret;
  create view api.self_view as select id, parent_id from api.project;
  -- computed
  create function api.client(api.no_junction) returns setof api.client rows 1 stable language sql as 'select * from api.client';
  create function api.helpers(api.project) returns setof api.person stable language sql as 'select * from api.person';
  -- partitions
  create table api.split (id int, day date, client_id int constraint split_client references api.client, primary key (id, day)) partition by range (day);
  create table api.split_2024 partition of api.split for values from ('2024-01-01') to ('2025-01-01');
  create table api.on_split (id int primary key, split_id int, day date, constraint on_split_split foreign key (split_id, day) references api.split (id, day));
`;

describe('MagGate: relationships', function () {
  this.timeout(30_000);
  let project: TestProject;
  let schema: DataSchema;

  before(async () => {
    const cluster = await testCluster();
    project = await cluster.createProject();
    await project.sql(ddl);
    const pools = {
      query: (database: never, statement: object) =>
        cluster.storage.query({ database, ...statement } as never),
      transaction: (database: never, statements: never) =>
        cluster.storage.transaction({ database, statements }),
    };
    const settings = { ...defaultDataApiSettings, dbSchemas: ['api', 'api2'] };
    schema = compileDataSchema(await readCatalog(pools as never, project.ref, { settings }));
  });
  after(() => project.remove());

  /** Relationships from a table to those of a schema, in words. */
  const of = (table: string, target: string, foreignSchema = 'api'): readonly string[] =>
    (schema.relationships.get(nameKey(nameKey('api', table), foreignSchema)) ?? [])
      .filter(({ foreignTable }) => foreignTable.name === target)
      .map(inWords);

  const rows: readonly (readonly [what: string, table: string, target: string, found: readonly string[]])[] =
    [
      ['many to one', 'project', 'client', ['many-to-one project_client: client_id=id']],
      ['its inverse', 'client', 'project', ['one-to-many project_client: id=client_id']],
      ['a composite key', 'step', 'task', ['many-to-one step_task: project_id=project_id, task_nr=nr']],
      [
        'a self reference, both ways',
        'project',
        'project',
        ['one-to-many project_parent self: id=parent_id', 'many-to-one project_parent self: parent_id=id'],
      ],
      ['one to one by primary key', 'contact', 'client', ['one-to-one contact_client: client_id=id']],
      ['the parent of one to one', 'client', 'contact', ['one-to-one parent contact_client: id=client_id']],
      ['one to one by unique key', 'badge', 'client', ['one-to-one badge_client: client_id=id']],
      [
        'part of a unique key is many to one',
        'partial',
        'client',
        ['many-to-one partial_client: client_id=id'],
      ],
      [
        'many to many',
        'person',
        'project',
        ['many-to-many by person_project pp_person+pp_project: id=person_id / id=project_id'],
      ],
      [
        'many to many, the other way',
        'project',
        'person',
        [
          'many-to-many by person_project pp_project+pp_person: id=project_id / id=person_id',
          'computed helpers',
        ],
      ],
      [
        'many to many with itself',
        'person',
        'person',
        [
          'many-to-many by friend friend_a+friend_b self: id=a / id=b',
          'many-to-many by friend friend_b+friend_a self: id=b / id=a',
        ],
      ],
      [
        'no junction where the key is another, none through a table that is not exposed',
        'person',
        'client',
        [],
      ],
      [
        'a view with renamed columns',
        'project_view',
        'client',
        ['many-to-one project_client view: clientId=id'],
      ],
      [
        'to a view with renamed columns',
        'task',
        'project_view',
        ['many-to-one task_project to view: project_id=projectId'],
      ],
      ['from a view to a view', 'project_view', 'project_view_view', []],
      ['a view of a view', 'project_view_view', 'client', ['many-to-one project_client view: cid=id']],
      [
        'to a view of a view',
        'task',
        'project_view_view',
        ['many-to-one task_project to view: project_id=pid'],
      ],
      [
        'a view without the key of its table',
        'no_key_view',
        'client',
        ['many-to-one project_client view: client_id=id'],
      ],
      ['a view without the column that is referred to', 'task', 'no_key_view', []],
      [
        'a view over a join',
        'joined_view',
        'project',
        [
          'one-to-many project_client view: client_id=client_id',
          'many-to-one task_project view: project_id=id',
        ],
      ],
      [
        'to a view over a join, a composite key',
        'step',
        'joined_view',
        ['many-to-one step_task to view: project_id=project_id, task_nr=nr'],
      ],
      [
        'to another table of the join',
        'project',
        'joined_view',
        [
          'one-to-many task_project to view: id=project_id',
          'many-to-one project_client to view: client_id=client_id',
        ],
      ],
      ['half of a composite key', 'step', 'half_view', []],
      ['a union', 'union_view', 'client', []],
      [
        'columns shown twice',
        'twice_view',
        'client',
        ['many-to-one project_client view: one=id', 'many-to-one project_client view: two=id'],
      ],
      [
        'columns referred to twice',
        'task',
        'twice_view',
        [
          'many-to-one task_project to view: project_id=id',
          'many-to-one task_project to view: project_id=same_id',
        ],
      ],
      ['through WITH', 'with_view', 'client', ['many-to-one project_client view: client_id=id']],
      [
        'names that look like the tree',
        'odd {view} \\ :resno 9',
        'client',
        ['many-to-one project_client view: c=id'],
      ],
      [
        'to names that look like the tree',
        'task',
        'odd {view} \\ :resno 9',
        ['many-to-one task_project to view: project_id=odd ) :resorigtbl 1 {col}'],
      ],
      [
        'a self reference within a view',
        'self_view',
        'self_view',
        [
          'one-to-many project_parent self view to view: id=parent_id',
          'many-to-one project_parent self view to view: parent_id=id',
        ],
      ],
      [
        'a self reference from its table',
        'project',
        'self_view',
        [
          'one-to-many project_parent to view: id=parent_id',
          'many-to-one project_parent to view: parent_id=id',
        ],
      ],
      ['a materialised view', 'kept_view', 'client', ['many-to-one project_client view: client_id=id']],
      [
        'a view over a table that is not exposed',
        'direct_secret_view',
        'client',
        ['many-to-one secret_client view: client_id=id'],
      ],
      ['a view over a view outside the path', 'secret_view', 'client', []],
      ['a function instead of a key', 'no_junction', 'client', ['computed client to one']],
      ['a partitioned table', 'split', 'client', ['many-to-one split_client: client_id=id']],
      ['no partition of it', 'client', 'split_2024', []],
      ['to a partitioned table', 'on_split', 'split', ['many-to-one on_split_split: split_id=id, day=day']],
    ];
  for (const [what, table, target, found] of rows) {
    it(`${what}: ${table} → ${target}`, () => deepEqual(of(table, target), found));
  }

  it('relations of another exposed schema are kept by their schema', () => {
    deepEqual(of('project', 'report', 'api2'), ['one-to-many report_project: id=project_id']);
    deepEqual(of('project', 'report'), []);
  });

  it('nothing of a schema that is not exposed shows', () => {
    const everything = [...schema.relationships.values()].flat();
    ok(everything.length > 60);
    const schemas = new Set(everything.flatMap((one) => [one.table.schema, one.foreignTable.schema]));
    deepEqual([...schemas].sort(), ['api', 'api2']);
    deepEqual(
      [...schema.tables.keys()].filter((key) => key.startsWith('private')),
      [],
    );
  });

  const keys: readonly (readonly [table: string, key: readonly string[]])[] = [
    ['task', ['nr', 'project_id']],
    ['project_view', ['projectId']],
    ['project_view_view', ['pid']],
    ['no_key_view', []],
    ['joined_view', ['client_id', 'project_id', 'nr']],
    ['half_view', []],
    ['union_view', []],
    ['twice_view', ['id']],
    ['kept_view', ['id']],
    ['direct_secret_view', ['id']],
    ['split', ['day', 'id']],
  ];
  for (const [table, key] of keys) {
    it(`primary key of ${table}: ${key.join(', ') || 'none'}`, () =>
      deepEqual(schema.tables.get(nameKey('api', table))?.primaryKey, key));
  }
});

function inWords(relationship: Relationship): string {
  if (relationship.kind === 'computed') {
    return `computed ${relationship.function.name}${relationship.toOne ? ' to one' : ''}`;
  }
  const { cardinality, isSelf, tableIsView, foreignTableIsView } = relationship;
  const marks = [isSelf && 'self', tableIsView && 'view', foreignTableIsView && 'to view'].filter(Boolean);
  return `${[nameOf(cardinality), ...marks].join(' ')}: ${pairsOf(cardinality)}`;
}

function nameOf(cardinality: Cardinality): string {
  if (cardinality.kind === 'many-to-many') {
    const { junction, constraint1, constraint2 } = cardinality;
    return `many-to-many by ${junction.name} ${constraint1}+${constraint2}`;
  }
  const parent = cardinality.kind === 'one-to-one' && cardinality.isParent ? ' parent' : '';
  return `${cardinality.kind}${parent} ${cardinality.constraint}`;
}

function pairsOf(cardinality: Cardinality): string {
  const text = (pairs: readonly (readonly [string, string])[]) =>
    pairs.map((pair) => pair.join('=')).join(', ');
  if (cardinality.kind === 'many-to-many') return `${text(cardinality.source)} / ${text(cardinality.target)}`;
  return text(cardinality.columns);
}
