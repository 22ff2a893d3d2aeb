import type { TappedExchange } from './tap.ts';

/** What became of the attacks of one run. Of those that got through only the kind is kept, never the text. */
export interface AttackTally {
  readonly requests: number;
  readonly attacks: number;
  /** Refused before any extension saw them: signatures, models, or a blocked address. */
  readonly refused: number;
  readonly throttled: number;
  /** The statement that the extension made of it was refused as an attack. */
  readonly stopped: number;
  /** Reached the database, or its parser, by kind; also what is no valid statement any more. */
  readonly passed: Readonly<Record<string, number>>;
  /** Of those the ones that the database ran, as another statement or as plain text inside of a literal. */
  readonly ran: number;
  /** Refused for another reason (malformed), or without an answer. */
  readonly other: number;
}

const kinds: readonly (readonly [string, RegExp])[] = [
  ['union', /union.{0,40}select/is],
  ['order by', /(?:order|group).{0,20}\bby\b/is],
  ['time', /sleep|benchmark|generate_series|waitfor/i],
  ['stacked', /;.*(?:select|create|drop|declare)/is],
  ['error', /cast\s*\(|::/i],
  ['boolean', /\b(?:and|or|not|case|when|having|like|between)\b/i],
];

/**
 * Sorts the exchanges of one run by what became of them.
 * @param payloadOf the value that was attacked, as it stands in the request; undefined when it is not there
 */
export function tallyAttacks(
  exchanges: readonly TappedExchange[],
  payloadOf: (request: string) => string | undefined,
): AttackTally {
  const passed: Record<string, number> = {};
  const counts = { attacks: 0, refused: 0, throttled: 0, stopped: 0, ran: 0, other: 0 };
  for (const { request, status, code, stopped } of exchanges) {
    const payload = decoded(payloadOf(request) ?? '');
    if (!/['"`();<>=#|*]|--|\/\*|\s(?:and|or|not|order|union|having|limit)\s/i.test(payload)) continue;
    counts.attacks += 1;
    if (stopped === 'MF301') counts.stopped += 1;
    else if (code === 'MF301' || code === 'MF302') counts.refused += 1;
    else if (code === 'MF303') counts.throttled += 1;
    else if (status === 200 || stopped !== undefined) {
      const kind = kinds.find(([, pattern]) => pattern.test(payload))?.[0] ?? 'probe';
      passed[kind] = (passed[kind] ?? 0) + 1;
      if (status === 200) counts.ran += 1;
    } else counts.other += 1;
  }
  return { requests: exchanges.length, ...counts, passed };
}

/** Tampers encode more than once, and longer than UTF-8 allows. */
function decoded(text: string): string {
  let now = text.replaceAll('+', ' ');
  for (let turn = 0; turn < 3; turn += 1) {
    now = now.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  now = now.replace(/([\xc0\xc1])([\x80-\xbf])/g, (_all, first: string, second: string) =>
    String.fromCharCode(((first.charCodeAt(0) & 3) << 6) | (second.charCodeAt(0) & 63)),
  );
  return now.replace(/(?:%|\\)u00([0-9a-f]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
