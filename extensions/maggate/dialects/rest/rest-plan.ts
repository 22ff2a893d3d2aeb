import type { DataApiSettings, Plan } from '../../../sdk/index.ts';
import type { DataSchema } from '../../schema-cache/data-schema.ts';
import type { ActionPlan } from './action-plan.ts';
import type { RestRequest } from './rest-request.ts';

/** A plan of the PostgREST dialect: the host's plan, and what its answer and its errors need to know. */
export interface RestPlan extends Plan {
  readonly rest: RestRequest;
  /** What was planned; undefined for the description of the API at the root. */
  readonly planned: ActionPlan | undefined;
  /** The schema it was planned with. */
  readonly dataSchema: DataSchema;
  readonly dataApi: DataApiSettings;
  /** Milliseconds that parsing and planning took, for Server-Timing. */
  readonly parseMs: number;
  readonly planMs: number;
}
