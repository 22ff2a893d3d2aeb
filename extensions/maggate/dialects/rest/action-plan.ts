import type { CallPlan } from '../../plan/call-plan.ts';
import type { MutatePlan } from '../../plan/mutate-plan.ts';
import type { ReadNode } from '../../plan/read-plan.ts';
import type { MediaHandlerFunction } from '../../schema-cache/data-schema.ts';
import type { MediaType } from './media-type.ts';

/** How PostgreSQL turns the rows into the body. */
export type BodyHandler =
  | { readonly kind: 'json' }
  | { readonly kind: 'single-json'; readonly nullsStripped: boolean }
  | { readonly kind: 'array-stripped' }
  | { readonly kind: 'geojson' }
  | { readonly kind: 'csv' }
  | { readonly kind: 'custom'; readonly handler: MediaHandlerFunction }
  /** No body is wanted. */
  | { readonly kind: 'none' };

/** A request that was looked up in the schema: what SQL is built from. */
export type ActionPlan =
  | {
      readonly kind: 'read';
      readonly read: ReadNode;
      readonly handler: BodyHandler;
      readonly media: MediaType;
    }
  | {
      readonly kind: 'mutate';
      readonly read: ReadNode;
      readonly mutate: MutatePlan;
      readonly handler: BodyHandler;
      readonly media: MediaType;
    }
  | {
      readonly kind: 'call';
      readonly read: ReadNode;
      readonly call: CallPlan;
      readonly handler: BodyHandler;
      readonly media: MediaType;
      /** Read-only transaction: GET, HEAD, and functions that are stable or immutable. */
      readonly readOnly: boolean;
    };
