import type {
  Filter,
  JoinType,
  LogicTree,
  OrderTerm,
  RowRange,
  SelectNode,
} from '../../query/query-params.ts';

/** A relation of the request with the conditions that stand at its path, before it was looked up in the schema. */
export interface DraftNode {
  readonly relation: string;
  readonly alias: string | undefined;
  readonly hint: string | undefined;
  readonly join: JoinType | undefined;
  readonly spread: boolean;
  readonly depth: number;
  readonly fields: readonly Extract<SelectNode, { kind: 'field' }>[];
  children: DraftNode[];
  readonly filters: Filter[];
  readonly logic: LogicTree[];
  order: readonly OrderTerm[];
  range: RowRange;
  legacyTargetName: boolean;
}
