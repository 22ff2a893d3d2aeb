import type { EmbedPath } from '../../../../query/query-params.ts';
import { delimiter } from './delimiter.ts';
import { fieldName } from './field-name.ts';
import type { Scanner } from './scanner.ts';

/** Name of a logic parameter: where it stands, and the beginning of the tree that its value goes on with. */
export interface LogicPath {
  readonly path: EmbedPath;
  /** `and`, `not.or` … */
  readonly operator: string;
}

/** `clients.not.or`; a `not` may stand anywhere. */
export function logicPath(scanner: Scanner): LogicPath | undefined {
  const names = scanner.separated(fieldName, delimiter);
  if (names === undefined) return undefined;
  const operator = names.at(-1) as string;
  return {
    path: names.slice(0, -1).filter((name) => name !== 'not'),
    operator: names.includes('not') ? `not.${operator}` : operator,
  };
}
