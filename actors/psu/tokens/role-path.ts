/** Finds the role in the claims of a token; undefined when there is none. */
export type RolePath = (claims: unknown) => unknown;

type Step = (value: unknown) => unknown;

const comparisons: Readonly<Record<string, (value: string, text: string) => boolean>> = {
  '==': (value, text) => value === text,
  '!=': (value, text) => value !== text,
  '^==': (value, text) => value.startsWith(text),
  '==^': (value, text) => value.endsWith(text),
  '*==': (value, text) => value.includes(text),
};

const step =
  /\.(?<key>[\p{L}\p{N}_$@]+)|\.?"(?<quoted>[^"]*)"|\['(?<name>[^']*)'\]|\[(?<index>\d{1,9})\]|(?<filter>\[\?\(?\s*@\s*(?<operator>==\^|==|!=|\^==|\*==)\s*"(?<text>[^"]*)"\s*\)?\]$)/uy;

/**
 * Reads a path as PostgREST's `jwt-role-claim-key` has it: `.role`, `."app-role"`, `.roles[0]`, and at the end
 * `.roles[?(@ == "editor")]` (also `!=`, `^==`, `==^`, `*==`: begins, ends, contains). A leading `$` as in RFC 9535,
 * with `['app-role']` for a name, is taken as well.
 * @throws RangeError saying where it is wrong
 */
export function rolePath(text: string): RolePath {
  const steps: Step[] = [];
  let at = text.startsWith('$') ? 1 : 0;
  while (at < text.length) {
    step.lastIndex = at;
    const match = step.exec(text);
    if (match === null)
      throw new RangeError(`not understood from ${JSON.stringify(text.slice(at, at + 20))} on`);
    steps.push(readStep(match.groups as Partial<Record<string, string>>));
    at = step.lastIndex;
  }
  if (steps.length === 0) throw new RangeError('it names nothing');
  return (claims) => steps.reduce((value, next) => next(value), claims);
}

function readStep(groups: Partial<Record<string, string>>): Step {
  const key = groups['key'] ?? groups['quoted'] ?? groups['name'];
  if (key !== undefined) {
    return (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined;
  }
  if (groups['index'] !== undefined) {
    const index = Number(groups['index']);
    return (value) => (Array.isArray(value) ? value[index] : undefined);
  }
  const holds = comparisons[groups['operator'] ?? ''] as (value: string, text: string) => boolean;
  const text = groups['text'] ?? '';
  return (value) =>
    Array.isArray(value) ? value.find((one) => typeof one === 'string' && holds(one, text)) : undefined;
}
