import type { Surface } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { Evidence } from '../sqlguard/combine.ts';

/** As which of its surfaces the model judges a value: parameters, paths and headers are alike. */
export function modelSurface(surface: Surface): Evidence['surface'] {
  return surface === 'body' || surface === 'sql' ? surface : 'query';
}
