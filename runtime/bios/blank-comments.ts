/** Comments and trailing commas become spaces, so that positions in messages stay those of the file. */
export function blankComments(text: string): string {
  const token = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
  const withoutComments = text.replace(token, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
  );
  const comma = /"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g;
  return withoutComments.replace(comma, (found) => (found === ',' ? ' ' : found));
}
