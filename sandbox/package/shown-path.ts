/** A path of a stranger for a message: short, in quotes, and nothing in it that a terminal would act upon. */
export function shownPath(path: string): string {
  const escaped = JSON.stringify(path.slice(0, 100));
  return escaped.replace(/[^\x20-\x7e]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`);
}
