/**
 * `@magflock/sdk`, the whole surface of an extension: what it may import, and nothing else. Its code is bundled into
 * guests, whose isolates have no Node: what needs Node is in `gateway.ts`, which the machine's own extensions use.
 */

export type {
  Catalog,
  CatalogColumn,
  CatalogConstraint,
  CatalogHiddenTable,
  CatalogMediaHandler,
  CatalogReference,
  CatalogRoutine,
  CatalogSource,
  CatalogTable,
} from '../../runtime/protocol/catalog.ts';
export type { CostLimits, DataApiSettings } from '../../runtime/protocol/data-api-settings.ts';
export type {
  ExtensionDefinition,
  ExtensionHealth,
  ExtensionLog,
} from '../../runtime/protocol/extension.protocol.ts';
export type {
  CapabilityName,
  ExtensionManifest,
  HookOperation,
  Permission,
} from '../../runtime/protocol/extension-manifest.ts';
export type {
  AfterHookResult,
  BeforeHookResult,
  GuestRequest,
  GuestResponse,
  HookFacts,
} from '../../runtime/protocol/extensions.protocol.ts';
export type {
  DatabaseErrorFacts,
  GatewayAnswer,
  GatewayRequest,
  RefusedRequest,
} from '../../runtime/protocol/gateway.protocol.ts';
export type { GatewayContext, GatewayDefinition } from '../../runtime/protocol/gateway-extension.protocol.ts';
export type { JsonText } from '../../runtime/protocol/json-text.ts';
export type { Plan, PlanResult } from '../../runtime/protocol/plan.protocol.ts';
export type { FetchAnswer, FetchOptions, FileEntry, QueryResult, TableFacts } from './capability-members.ts';
export { defineExtension } from './define-extension.ts';
export type { ExtensionContext } from './extension-context.ts';
export { ExtensionError } from './extension-error.ts';
export type {
  AfterHookFacts,
  ExtensionHandlers,
  GuestHealth,
  RouteRequest,
  ScheduleRun,
} from './extension-handlers.ts';
export type { GuestModule } from './guest-module.ts';
