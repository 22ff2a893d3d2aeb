import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

const strayPercent = /%(?![0-9a-fA-F]{2})/g;

/**
 * Checks the percent-encoding of path and query; bytes outside ASCII were refused by the HTTP parser already.
 * A stray `%` in the query is left to the gateway, which knows which value it stands in.
 * @returns MF103 for what is not UTF-8, MF100 for a malformed path, undefined when both are well
 */
export function targetRefusal(path: string, query: string): MagFlockError | undefined {
  if (path.includes('%') && !decodes(path)) {
    if (decodes(path.replace(strayPercent, '%25'))) {
      return new MagFlockError(
        'MF100',
        'The path has a "%" that is not followed by two hexadecimal digits.',
        {
          fix: 'Write a percent sign in a path as %25.',
        },
      );
    }
    return new MagFlockError('MF103', 'The percent-encoded path is not valid UTF-8.');
  }
  if (query.includes('%') && !decodes(query) && !decodes(query.replace(strayPercent, '%25'))) {
    return new MagFlockError('MF103', 'The percent-encoded query is not valid UTF-8.');
  }
  return undefined;
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
