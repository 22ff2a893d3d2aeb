import { withOpenedComments, withoutComments } from './comment-views.ts';

/** The operators of the two dialects, as they stand before a value: `gte.5`, `not.in.(1,2)`. */
const operator =
  /^(?:not\.)?(?:eq|neq|gte?|lte?|i?like|i?match|is|isdistinct|in|cs|cd|ov|sl|sr|nxr|nxl|adj|(?:pl|ph|w)?fts)(?:\([a-z]{1,12}\))?\./i;

/** Longest head that is looked at for an operator. */
const operatorHead = 40;

/**
 * Other ways to read a normalised value, each only when it differs: without comments, with `+` for blanks (a value
 * that was encoded once more), and without the operator of our dialect.
 */
export function otherViews(text: string): readonly string[] {
  const views: string[] = [];
  const opened = withOpenedComments(text);
  if (opened !== undefined) views.push(opened);
  const bare = withoutComments(text);
  if (bare !== undefined) views.push(bare);
  const head = operator.exec(text.slice(0, operatorHead));
  if (head !== null) views.push(text.slice(head[0].length));
  if (text.includes('+')) {
    for (const view of [bare ?? text, ...(head === null ? [] : [text.slice(head[0].length)])]) {
      views.push(view.replaceAll('+', ' '));
    }
  }
  return views;
}
