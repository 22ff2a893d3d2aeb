import type { QualifiedName } from '../schema-cache/data-schema.ts';
import type { PlannedField, PlannedLogic } from './read-plan.ts';

/** A write of rows of one table. Bodies are JSON text, handed to PostgreSQL as they came. */
export type MutatePlan =
  | {
      readonly kind: 'insert';
      readonly into: QualifiedName;
      readonly columns: readonly PlannedField[];
      readonly body: string | null;
      /** The body is an array of rows. */
      readonly many: boolean;
      readonly onConflict:
        | {
            readonly resolution: 'merge-duplicates' | 'ignore-duplicates';
            readonly columns: readonly string[];
          }
        | undefined;
      /** Of a PUT: the key that the rows must have. */
      readonly where: readonly PlannedLogic[];
      readonly returning: readonly string[];
      readonly primaryKey: readonly string[];
      readonly applyDefaults: boolean;
    }
  | {
      readonly kind: 'update';
      readonly into: QualifiedName;
      readonly columns: readonly PlannedField[];
      readonly body: string | null;
      readonly many: boolean;
      readonly where: readonly PlannedLogic[];
      readonly returning: readonly string[];
      readonly applyDefaults: boolean;
    }
  | {
      readonly kind: 'delete';
      readonly into: QualifiedName;
      readonly where: readonly PlannedLogic[];
      readonly returning: readonly string[];
    };
