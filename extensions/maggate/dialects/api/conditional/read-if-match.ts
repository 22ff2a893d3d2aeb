import { malformed } from '../../../parse/malformed.ts';

const list = /^(?:\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*(?:,|$))+$/;
const entries = /(?<weak>W\/)?"(?<tag>[^"]*)"/g;

/**
 * The tags of a header If-Match (RFC 9110 §13.1.1) that may be the row's. Weak ones never are: they say that two
 * answers mean the same, not that a row is unchanged. What is put behind a tag for a compressed answer is taken off.
 * @returns undefined where nothing is demanded but that the row is there: no header, or `*`
 * @throws MF405 for a malformed header: a condition must not be passed over
 */
export function readIfMatch(headers: Readonly<Record<string, string>>): readonly string[] | undefined {
  const header = headers['if-match']?.trim();
  if (header === undefined || header === '*') return undefined;
  if (!list.test(header)) {
    throw malformed(
      'If-Match',
      'The header If-Match is malformed.',
      'Send the ETag of the row as it came, with quotes.',
    );
  }
  const tags: string[] = [];
  for (const { groups: { weak, tag = '' } = {} } of header.matchAll(entries)) {
    if (weak === undefined) tags.push(tag.replace(/-gzip$/, ''));
  }
  return tags;
}
