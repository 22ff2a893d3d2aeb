import type { JsonStep } from '../../../../query/query-params.ts';
import { quotedOrDashed } from './quoted-or-dashed.ts';
import type { Scanner } from './scanner.ts';

/** `->key->>0`, perhaps nothing; undefined when an arrow leads nowhere. */
export function jsonPath(scanner: Scanner): readonly JsonStep[] | undefined {
  const steps: JsonStep[] = [];
  for (;;) {
    const text = scanner.attemptWord('->>');
    if (!text && !scanner.attemptWord('->')) return steps;
    const index = scanner.attempt(indexStep);
    if (index !== undefined) steps.push({ text, kind: 'index', value: index });
    else {
      const name = scanner.attempt(keyStep);
      if (name === undefined) return undefined;
      steps.push({ text, kind: 'key', value: name });
    }
  }
}

function indexStep(scanner: Scanner): string | undefined {
  const sign = scanner.character('-') ? '-' : '';
  const digits = scanner.digits();
  if (digits === undefined) return undefined;
  const ends =
    scanner.before('->') ||
    scanner.before('::') ||
    scanner.before('.') ||
    scanner.before(',') ||
    scanner.atEnd();
  return ends ? sign + digits : undefined;
}

function keyStep(scanner: Scanner): string | undefined {
  return scanner.named('any non reserved character different from: .,>()', key);
}

function key(scanner: Scanner): string | undefined {
  return quotedOrDashed(scanner, plainKey);
}

function plainKey(scanner: Scanner): string | undefined {
  const start = scanner.at;
  const text = scanner.upTo('(-:.,>)');
  return scanner.at === start ? undefined : text.trim();
}
