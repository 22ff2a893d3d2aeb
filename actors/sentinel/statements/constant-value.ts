import type { SyntaxNode } from './pg-parser.ts';

/** What is known of an expression without any row. */
export type ConstantValue =
  /** It depends on a row, a parameter or the session. */
  | 'varies'
  /** It is constant, but what it is was not worked out. */
  | 'unknown'
  | boolean
  | number
  | string;

/** Deeper ones are not looked at. */
const deepest = 24;
/** What they answer depends on who asks: policies compare with them. */
const ofSession =
  /^(?:current_|session_|has_|pg_has_role|inet_|txid_|pg_|now|clock_|statement_|random|nextval|gen_|uuid)/;

/** Works an expression out as far as it takes no row: literals, comparisons, AND, OR, NOT, sums. Pure. */
export function constantValue(node: unknown, depth = 0): ConstantValue {
  if (depth > deepest || node === null || typeof node !== 'object') return 'varies';
  const [entry] = Object.entries(node);
  if (entry === undefined) return 'varies';
  const [kind, value] = entry as [string, SyntaxNode];
  const inside = (one: unknown): ConstantValue => constantValue(one, depth + 1);
  const all = (many: unknown): ConstantValue =>
    Array.isArray(many) && many.every((one) => inside(one) !== 'varies') ? 'unknown' : 'varies';
  switch (kind) {
    case 'A_Const':
      return literal(value);
    case 'TypeCast': {
      const name = typeName(value['typeName']);
      const one = inside(value['arg']);
      if (name === 'bool' && typeof one === 'string') return /^(?:t|true|on|yes|1)$/i.test(one);
      return one;
    }
    case 'A_Expr':
      return compared(value, inside, all);
    case 'BoolExpr': {
      const args = (value['args'] as readonly unknown[]).map(inside);
      if (args.includes('varies')) return 'varies';
      if (value['boolop'] === 'NOT_EXPR') return args[0] === 'unknown' ? 'unknown' : !truthy(args[0]);
      if (args.includes('unknown')) return 'unknown';
      return value['boolop'] === 'AND_EXPR' ? args.every(truthy) : args.some(truthy);
    }
    case 'NullTest': {
      const one = inside(value['arg']);
      return one === 'varies' ? 'varies' : 'unknown';
    }
    case 'CollateClause':
      return inside(value['arg']);
    case 'List':
      return all(value['items']);
    case 'CoalesceExpr':
    case 'MinMaxExpr':
    case 'RowExpr':
      return all(value['args']);
    case 'FuncCall': {
      const path = value['funcname'] as readonly unknown[];
      const args = value['args'];
      if (path.length > 1 || !Array.isArray(args) || ofSession.test(stringOf(path[0]))) return 'varies';
      return all(args);
    }
    default:
      return 'varies';
  }
}

function literal(value: SyntaxNode): ConstantValue {
  const text = (value['sval'] as { sval?: string } | undefined) ?? undefined;
  if (text !== undefined) return text.sval ?? '';
  const whole = value['ival'] as { ival?: number } | undefined;
  if (whole !== undefined) return whole.ival ?? 0;
  const float = value['fval'] as { fval?: string } | undefined;
  if (float !== undefined) return Number(float.fval);
  const bool = value['boolval'] as { boolval?: boolean } | undefined;
  if (bool !== undefined) return bool.boolval ?? false;
  return 'unknown';
}

function compared(
  node: SyntaxNode,
  inside: (one: unknown) => ConstantValue,
  all: (many: unknown) => ConstantValue,
): ConstantValue {
  const sign = stringOf((node['name'] as readonly unknown[] | undefined)?.[0]);
  const kind = node['kind'];
  const left = node['lexpr'] === undefined ? 0 : inside(node['lexpr']);
  const right = Array.isArray(node['rexpr']) ? all(node['rexpr']) : inside(node['rexpr']);
  if (left === 'varies' || right === 'varies') return 'varies';
  if (left === 'unknown' || right === 'unknown' || kind !== 'AEXPR_OP') {
    if (kind !== 'AEXPR_LIKE' && kind !== 'AEXPR_ILIKE') return 'unknown';
    return left === right ? sign.startsWith('~') : 'unknown';
  }
  const [a, b] =
    typeof left === 'number' || typeof right === 'number' ? [Number(left), Number(right)] : [left, right];
  switch (sign) {
    case '=':
      return a === b;
    case '<>':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    case '+':
      return Number(a) + Number(b);
    case '-':
      return Number(a) - Number(b);
    case '*':
      return Number(a) * Number(b);
    case '||':
      return `${left}${right}`;
    default:
      return 'unknown';
  }
}

function truthy(value: ConstantValue | undefined): boolean {
  return value === true || (typeof value === 'number' && value !== 0);
}

function typeName(type: unknown): string {
  return stringOf((type as { names?: readonly unknown[] } | undefined)?.names?.at(-1));
}

function stringOf(node: unknown): string {
  return String((node as { String?: { sval?: string } } | undefined)?.String?.sval ?? '');
}
