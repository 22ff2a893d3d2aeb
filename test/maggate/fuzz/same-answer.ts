/** Whether two answers hold the same. Lists have their order only where it was asked for. */
export function sameAnswer(one: unknown, other: unknown, ordered: boolean): boolean {
  return text(one, ordered) === text(other, ordered);
}

function text(value: unknown, ordered: boolean): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => text(item, ordered));
    return `[${(ordered ? items : items.sort()).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([name, item]) => `${JSON.stringify(name)}:${text(item, ordered)}`,
    );
    return `{${entries.sort().join(',')}}`;
  }
  return JSON.stringify(value);
}
