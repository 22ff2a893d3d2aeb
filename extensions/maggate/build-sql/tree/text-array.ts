import { arrayOfTexts } from '../../plan/array-of-texts.ts';

/** One array literal of texts. What follows a NUL is dropped: PostgreSQL stores none, and one text of a list that cannot match must not fail it. */
export function textArray(values: readonly string[]): string {
  return arrayOfTexts(values.map((value) => value.split('\0', 1)[0]!));
}
