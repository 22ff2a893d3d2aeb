import assert from 'node:assert/strict';
import type { ControlState } from '../../actors/control/control-state.ts';
import { readDatabaseShape } from '../../actors/control/typescript/read-database-shape.ts';
import { renderDatabaseTypes } from '../../actors/control/typescript/render-database-types.ts';
import { assertGolden } from '../support/assert-golden.ts';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';
import { shopSchema } from './shop-schema.ts';

describe('the types of a database', function () {
  this.timeout(60_000);
  let cluster: TestCluster;
  let project: TestProject;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    await project.sql(shopSchema);
    await cluster.storage.setDataApiSettings(project.ref, { dbSchemas: ['public', 'stock'] });
  });

  after(() => project.remove());

  /** As the control part asks Storage. */
  const state = (): ControlState => {
    const { storage } = cluster;
    const methods: Record<string, (request: never) => unknown> = {
      query: (request) => storage.query(request),
      catalog: ({ project: ref }: { project: string }) => storage.catalog(ref),
      dataApiSettings: ({ project: ref }: { project: string }) => storage.dataApiSettings(ref),
    };
    const part = () => ({ ask: async (name: string, request: never) => methods[name]?.(request) });
    return { context: { part } } as unknown as ControlState;
  };

  it('are those that the program beside this file is compiled with', async () => {
    const { schemas, shape } = await readDatabaseShape(state(), project.ref, undefined);
    const text = renderDatabaseTypes(schemas, shape);
    assertGolden(new URL('./shop-database.generated.ts', import.meta.url), text);
  });

  it('are the same text each time', async () => {
    const texts = new Set<string>();
    for (const _time of [1, 2]) {
      const { schemas, shape } = await readDatabaseShape(state(), project.ref, ['stock']);
      texts.add(renderDatabaseTypes(schemas, shape));
    }
    assert.equal(texts.size, 1);
  });

  it('are refused of a schema that is not exposed', async () => {
    await assert.rejects(readDatabaseShape(state(), project.ref, ['public', 'mg_sys']), {
      code: 'MF100',
      message: /"mg_sys" is no schema that the data API/,
    });
  });
});
