import { testCluster } from '../../support/test-cluster.ts';
import { openRest, type Rest } from '../rest/rest-harness.ts';
import type { FuzzSchema } from './fuzz-schema.ts';
import { Oracle } from './oracle.ts';
import { ident } from './quote.ts';
import { schemaDdl } from './schema-ddl.ts';

/** One project that gets schema after schema, and PostgreSQL beside it to be asked directly. */
export interface FuzzBed {
  readonly rest: Rest;
  readonly oracle: Oracle;
  /** Roles whose rights are random; `service_role` has all. */
  readonly roles: readonly string[];
  use(schema: FuzzSchema): Promise<void>;
  close(): Promise<void>;
}

export async function openFuzzBed(): Promise<FuzzBed> {
  const cluster = await testCluster();
  const rest = await openRest('select', {
    dbAggregatesEnabled: true,
    // With both names one of two relations to the same table is found, not always the one that is meant.
    urlUseLegacyTargetNames: false,
  });
  const { project } = await rest.catalog();
  const custom = `custom "role" of ${project}`;
  const admin = await cluster.superuser('postgres');
  await admin.query(`create role ${ident(custom)}; grant ${ident(custom)} to authenticator_${project}`);
  const databases = await admin.query('select datname from pg_database where datname like $1', [
    `%${project}`,
  ]);
  const direct = await cluster.superuser(databases.rows[0].datname);
  const roles = ['anon', 'authenticated', custom];
  return {
    rest,
    oracle: new Oracle(direct),
    roles,
    async use(schema) {
      await rest.sql(schemaDdl(schema, roles));
      await rest.reload();
    },
    async close() {
      await direct.query(`drop owned by ${ident(custom)}`);
      await direct.end();
      await rest.close();
      await admin.query(`drop role ${ident(custom)}`);
      await admin.end();
    },
  };
}
