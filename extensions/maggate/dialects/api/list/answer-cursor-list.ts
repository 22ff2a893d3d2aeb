import type { GatewayAnswer, GatewayContext, GatewayRequest, PlanResult } from '../../../../sdk/index.ts';
import { jsonAnswer } from '../json-answer.ts';
import type { Cursor } from './cursor.ts';
import { writeCursor } from './cursor-text.ts';
import { pageLink } from './page-link.ts';
import type { Paging } from './paging.ts';

/**
 * The page of a list with a cursor, and where the next and the previous one are: in `meta` and as links (RFC 8288).
 * @throws MF407 when a row's values are too long for a cursor
 */
export function answerCursorList(
  { cursor, limit }: Paging,
  { query }: Pick<GatewayRequest, 'query'>,
  result: PlanResult,
  seal: Pick<GatewayContext, 'sign'>,
): GatewayAnswer {
  const { more, first, last, total } = result.columns ?? {};
  const hasRowsBeyond = more === 'true';
  const at = (key: string | null | undefined, backward: boolean): string | null => {
    const place = key == null ? cursor : { ...cursor, values: JSON.parse(key), inclusive: false };
    // Nothing is left on this side of the place: what is on the other begins with the row at the place itself.
    const inclusive = key == null && !cursor.inclusive;
    return writeCursor({ ...place, backward, inclusive } satisfies Cursor, seal);
  };
  const { backward } = cursor;
  const isFirst = cursor.values.length === 0;
  const next = backward || hasRowsBeyond ? at(last, false) : null;
  const previous = (backward ? hasRowsBeyond : !isFirst) ? at(first, true) : null;
  const meta = {
    limit,
    next,
    previous,
    hasMore: next !== null,
    ...(total == null ? {} : { total: Number(total) }),
  };
  const links = [
    ...(next === null ? [] : [pageLink(query, next, 'next')]),
    ...(previous === null ? [] : [pageLink(query, previous, 'previous')]),
    ...(isFirst ? [] : [pageLink(query, '', 'first')]),
  ];
  return jsonAnswer(
    200,
    `{"data":${result.body ?? '[]'},"meta":${JSON.stringify(meta)}}`,
    links.length === 0 ? undefined : { link: links.join(', ') },
  );
}
