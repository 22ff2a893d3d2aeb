/**
 * Words of a line as a POSIX shell would see them: quotes are taken off, operators (`|`, `;`, `&&`, `>`, `)`, a
 * comment's `#`) are words of their own. Enough for the lines in our documents.
 */
export function splitShellWords(line: string): string[] {
  const words: string[] = [];
  const pattern =
    /\s*(?:(?<operator>&&|\||;|>|\)|\(|#)|(?<word>(?:"[^"]*"|'[^']*'|\$\(|[^\s"'|;&>()#]|(?<=\S)#)+))/gy;
  for (const match of line.matchAll(pattern)) {
    const { operator, word } = match.groups ?? {};
    if (operator !== undefined) words.push(operator);
    else if (word !== undefined) words.push(word.replace(/["']/g, ''));
  }
  return words.filter((word) => word !== '');
}
