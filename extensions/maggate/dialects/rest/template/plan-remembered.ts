import type { GatewayAnswer, GatewayRequest } from '../../../../sdk/index.ts';
import { ShapeCache } from '../../../plan/shape-cache.ts';
import type { DataSchema } from '../../../schema-cache/data-schema.ts';
import { planRestRequest } from '../plan-rest-request.ts';
import type { RestPlan } from '../rest-plan.ts';
import { fillRead } from './fill-read.ts';
import { makeTemplate } from './make-template.ts';
import type { ReadTemplate } from './read-template.ts';
import { scanRead } from './scan-read.ts';

/** Shapes of one schema and thread. */
const capacity = 500;

/** `once`: seen once, not worth the work yet. `none`: there is no template of this shape. */
type Remembered = ReadTemplate | 'once' | 'none';

const caches = new WeakMap<DataSchema, ShapeCache<Remembered>>();

/**
 * A request below /rest/v1 as a plan. Reads that differ from an earlier one in values only are filled into its template;
 * everything else is planned by `planRestRequest`. A schema that changed begins without templates.
 */
export function planRemembered(schema: DataSchema, request: GatewayRequest): RestPlan | GatewayAnswer {
  const scanned = scanRead(request);
  if (scanned === undefined) return planRestRequest(schema, request);
  let cache = caches.get(schema);
  if (cache === undefined) {
    cache = new ShapeCache(capacity);
    caches.set(schema, cache);
  }
  const known = cache.get(scanned.key);
  if (typeof known === 'object') return fillRead(schema, request, scanned, known);
  const plan = planRestRequest(schema, request);
  if (known === 'none' || !('sql' in plan) || plan.planned?.kind !== 'read') return plan;
  const template = known === undefined ? 'once' : makeTemplate(schema, request, scanned, plan);
  cache.set(scanned.key, template ?? 'none');
  return plan;
}
