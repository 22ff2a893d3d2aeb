import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

const mostParameters = 1000;

/**
 * The parameters of a statement as PostgreSQL reads them: numbers and booleans by their text, an array as an array of
 * PostgreSQL (`= any($1)`), an object as JSON. An array meant as JSON comes as text: `JSON.stringify(list)`.
 * @param values hostile
 * @throws MF422 when it is no list, or too long
 */
export function parameterTexts(values: unknown): readonly (string | null)[] {
  if (values === undefined || values === null) return [];
  if (!Array.isArray(values) || values.length > mostParameters) {
    throw new MagFlockError('MF422', `Parameters are an array of at most ${mostParameters} values.`);
  }
  return values.map(parameterText);
}

function parameterText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return arrayText(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** An array literal (manual, 8.15.2): every item quoted, so that no text of it reads as syntax. */
function arrayText(list: readonly unknown[]): string {
  const items = list.map((item) => {
    if (Array.isArray(item)) return arrayText(item);
    const text = parameterText(item);
    return text === null ? 'NULL' : `"${text.replace(/[\\"]/g, '\\$&')}"`;
  });
  return `{${items.join(',')}}`;
}
