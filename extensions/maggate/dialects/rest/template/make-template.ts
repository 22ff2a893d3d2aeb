import type { GatewayRequest } from '../../../../sdk/index.ts';
import type { DataSchema } from '../../../schema-cache/data-schema.ts';
import { encodePart } from '../parse/encode-part.ts';
import { planRestRequest } from '../plan-rest-request.ts';
import type { RestPlan } from '../rest-plan.ts';
import type { Filling, ReadTemplate } from './read-template.ts';
import type { ScannedRead } from './scan-read.ts';

/**
 * Finds out which parameter of a statement comes from which value, by planning the request twice more with marked
 * values in the places of the caller's. Nothing is assumed of what planning does with a value: where the marks do not
 * come out as they went in, or the statement is another one, there is no template.
 * @param plan of the caller's own request
 */
export function makeTemplate(
  schema: DataSchema,
  request: GatewayRequest,
  scanned: ScannedRead,
  plan: RestPlan,
): ReadTemplate | undefined {
  const first = marked(schema, request, scanned, 1);
  const second = marked(schema, request, scanned, 2);
  if (first === undefined || second === undefined) return undefined;
  if (![first.plan, second.plan].every((one) => isAlike(one, plan))) return undefined;
  const fillings: Filling[] = [];
  for (const [index, text] of plan.parameters.entries()) {
    const filling = fillingOf(
      [first.plan.parameters[index], second.plan.parameters[index]],
      [first.marks, second.marks],
      scanned,
    );
    if (filling !== undefined) fillings.push(filling);
    else if (text === first.plan.parameters[index] && text === second.plan.parameters[index]) {
      fillings.push({ kind: 'constant', text });
    } else return undefined;
  }
  // A value that shows nowhere decided something: a limit above the largest that is allowed becomes that one.
  const used = new Set(fillings.map((filling) => (filling.kind === 'constant' ? -1 : filling.hole)));
  if (scanned.kinds.some((_, hole) => !used.has(hole))) return undefined;
  const canonical = canonicalOf(first.plan.rest.query.canonical, first.marks, scanned);
  return canonical === undefined ? undefined : { plan, fillings, ...canonical };
}

/** The request with values nobody sends: texts that hold a star, numbers that are used once. */
function marked(
  schema: DataSchema,
  request: GatewayRequest,
  { parts, kinds }: ScannedRead,
  round: number,
): { readonly plan: RestPlan; readonly marks: readonly string[] } | undefined {
  const marks = kinds.map((kind, index) =>
    kind === 'value' ? `\uE000${round}*${index}\uE001` : String(900_000_000 + round * 10_000 + index),
  );
  const query = parts.reduce((text, part, index) => `${text}${encodePart(marks[index - 1] ?? '')}${part}`);
  const plan = planRestRequest(schema, { ...request, query });
  return 'sql' in plan ? { plan, marks } : undefined;
}

function isAlike(one: RestPlan, other: RestPlan): boolean {
  return (
    one.sql === other.sql &&
    one.shape === other.shape &&
    one.explain === undefined &&
    other.explain === undefined &&
    one.parameters.length === other.parameters.length
  );
}

function fillingOf(
  found: readonly (string | null | undefined)[],
  marks: readonly (readonly string[])[],
  { kinds }: ScannedRead,
): Filling | undefined {
  for (const [hole, kind] of kinds.entries()) {
    const inRounds = (change: (mark: string) => string): boolean =>
      found.every((text, round) => text === change(marks[round]?.[hole] as string));
    if (inRounds((mark) => mark)) return { kind, hole };
    if (kind === 'value' && inRounds(withPercents)) return { kind: 'like', hole };
  }
  return undefined;
}

function withPercents(mark: string): string {
  return mark.replaceAll('*', '%');
}

/** Takes the marks out of the canonical query; each has to be in it once. */
function canonicalOf(
  canonical: string,
  marks: readonly string[],
  { kinds }: ScannedRead,
): Pick<ReadTemplate, 'canonicalParts' | 'canonicalHoles'> | undefined {
  const places = marks.map((mark, hole) => {
    const text = kinds[hole] === 'value' ? encodePart(mark) : mark;
    return { hole, text, at: canonical.indexOf(text), last: canonical.lastIndexOf(text) };
  });
  if (places.some(({ at, last }) => at === -1 || at !== last)) return undefined;
  places.sort((one, other) => one.at - other.at);
  const canonicalParts: string[] = [];
  let from = 0;
  for (const { at, text } of places) {
    canonicalParts.push(canonical.slice(from, at));
    from = at + text.length;
  }
  canonicalParts.push(canonical.slice(from));
  return { canonicalParts, canonicalHoles: places.map(({ hole }) => hole) };
}
