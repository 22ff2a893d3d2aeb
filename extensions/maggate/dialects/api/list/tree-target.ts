import { ExtensionError } from '../../../../sdk/index.ts';
import type { DataSchema } from '../../../schema-cache/data-schema.ts';
import type { ProjectSchema } from '../../../schema-cache/project-schema.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import type { ApiLimits } from '../api-limits.ts';
import type { ApiTarget } from '../api-target.ts';

/**
 * What a tree of relations is planned from. Its data schema has no representations: values are shown and compared as
 * they are in a list without relations.
 * @throws MF503 when the schema went meanwhile
 */
export function treeTarget({ schema, table, limits, facts }: ApiTarget): TreeTarget {
  const data = facts.data();
  if (data === undefined) {
    throw new ExtensionError('MF503', `The schema of project ${schema.project} is not loaded.`, {
      fix: 'Send the request again.',
    });
  }
  return { schema, table, limits, data: { ...data, representations: none } };
}

const none: DataSchema['representations'] = new Map();

/** What a tree of relations is planned from. */
export interface TreeTarget {
  readonly schema: ProjectSchema;
  /** The same catalogue with its relationships. */
  readonly data: DataSchema;
  readonly table: TableSchema;
  readonly limits: ApiLimits;
}
