/** The first line of a comment as summary, the rest as description. */
export function splitComment(comment: string | null): {
  readonly summary?: string;
  readonly description?: string;
} {
  if (comment === null) return {};
  const end = comment.indexOf('\n');
  if (end === -1) return { summary: comment };
  const description = comment.slice(end).replace(/^\n+/, '');
  return { summary: comment.slice(0, end), ...(description === '' ? {} : { description }) };
}
