import { withOpenedComments, withoutComments } from './comment-views.ts';
import { HAS_DOT, HAS_LINE_BREAK, HAS_PLUS, HAS_SLASH, type UnitBuffer } from './unit-buffer.ts';

/** The operators of the two dialects, as they stand before a value: `gte.5`, `not.in.(1,2)`. */
const operator =
  /^(?:not\.)?(?:eq|neq|gte?|lte?|i?like|i?match|is|isdistinct|in|cs|cd|ov|sl|sr|nxr|nxl|adj|(?:pl|ph|w)?fts)(?:\([a-z]{1,12}\))?\./i;

/** Longest head that is looked at for an operator. */
const operatorHead = 40;

/** Whether a value has a sign for which there may be another way to read it. */
export function hasOtherViews(value: UnitBuffer): boolean {
  return (value.signs & (HAS_SLASH | HAS_LINE_BREAK | HAS_PLUS | HAS_DOT)) !== 0;
}

/**
 * Other ways to read a normalised value, each only when it differs: without comments, with a comment for what it
 * hides, without the operator of our dialect, and with `+` for blanks (a value that was encoded once more).
 */
export function otherViews(text: string): readonly string[] {
  const views: string[] = [];
  const opened = withOpenedComments(text);
  if (opened !== undefined) views.push(opened);
  const bare = withoutComments(text);
  if (bare !== undefined) views.push(bare);
  const head = operator.exec(text.slice(0, operatorHead));
  const stripped = head === null ? undefined : text.slice(head[0].length);
  if (stripped !== undefined) views.push(stripped);
  if (text.includes('+')) views.push((stripped ?? bare ?? text).replaceAll('+', ' '));
  return views;
}
