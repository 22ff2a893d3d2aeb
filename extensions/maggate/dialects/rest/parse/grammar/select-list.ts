import type { JoinType, SelectNode } from '../../../../query/query-params.ts';
import { aliasBefore } from './alias-before.ts';
import { blankPadded } from './blank-padded.ts';
import { descend } from './descend.ts';
import { fieldName } from './field-name.ts';
import { plainSelectItem } from './plain-select-item.ts';
import type { Scanner } from './scanner.ts';
import { selectField } from './select-field.ts';

/** What is selected, perhaps nothing: `*,alias:column::text,rel!hint!inner(*),...other(a)`. */
export function selectList(scanner: Scanner): readonly SelectNode[] | undefined {
  const start = scanner.at;
  const items = scanner.separated(selectItem, comma);
  return items === undefined && scanner.at === start ? [] : items;
}

function comma(scanner: Scanner): boolean {
  return blankPadded(scanner, ',');
}

function selectItem(scanner: Scanner): SelectNode | undefined {
  const plain = scanner.tracing ? undefined : plainSelectItem(scanner);
  if (plain !== undefined) return plain;
  const target = scanner.attempt(spreadTarget) ?? scanner.attempt(relationTarget);
  if (target === undefined) return selectField(scanner);
  if (!scanner.character('(')) return undefined;
  const select = descend(scanner, 'select parameter', selectList);
  if (select === undefined || !scanner.character(')')) return undefined;
  return { ...target, select };
}

type Target =
  | Omit<Extract<SelectNode, { kind: 'relation' }>, 'select'>
  | Omit<Extract<SelectNode, { kind: 'spread' }>, 'select'>;

function spreadTarget(scanner: Scanner): Target | undefined {
  scanner.blanks();
  if (!scanner.word('...')) return undefined;
  const relation = fieldName(scanner);
  const how = relation === undefined ? undefined : embedParameters(scanner);
  if (relation === undefined || how === undefined || !scanner.before('(')) return undefined;
  return { kind: 'spread', relation, ...how };
}

function relationTarget(scanner: Scanner): Target | undefined {
  scanner.blanks();
  const alias = aliasBefore(scanner);
  const relation = fieldName(scanner);
  if (relation === undefined || relation === 'count') return undefined;
  const how = embedParameters(scanner);
  if (how === undefined || !scanner.before('(')) return undefined;
  return { kind: 'relation', relation, alias, ...how };
}

interface EmbedParameters {
  readonly hint: string | undefined;
  readonly join: JoinType | undefined;
}

/** At most two: a hint and a join, in any order; of two of a kind the first one holds. */
function embedParameters(scanner: Scanner): EmbedParameters | undefined {
  let hint: string | undefined;
  let join: JoinType | undefined;
  for (let round = 0; round < 2; round += 1) {
    const start = scanner.at;
    if (!scanner.character('!')) {
      if (scanner.at !== start) return undefined;
      continue;
    }
    const type = scanner.attemptWord('left') ? 'left' : scanner.attemptWord('inner') ? 'inner' : undefined;
    if (type !== undefined) join ??= type;
    else {
      const name = scanner.attempt(fieldName);
      if (name === undefined) return undefined;
      hint ??= name;
    }
  }
  return { hint, join };
}
