/**
 * `@magflock/sdk`, the whole surface of an extension: what it may import, and nothing else.
 * The one barrel of the project, because it is a public entry.
 */
export type {
  DatabaseErrorFacts,
  GatewayAnswer,
  GatewayRequest,
} from '../../runtime/protocol/gateway.protocol.ts';
export type { JsonText } from '../../runtime/protocol/json-text.ts';
export type { Plan, PlanResult } from '../../runtime/protocol/plan.protocol.ts';
export type {
  Catalog,
  CatalogColumn,
  CatalogConstraint,
  CatalogTable,
} from '../../runtime/protocol/storage.protocol.ts';
export {
  defineExtension,
  type ExtensionContext,
  type ExtensionDefinition,
  type ExtensionHealth,
  type ExtensionLog,
} from './define-extension.ts';
export { defineGateway, type GatewayContext, type GatewayDefinition } from './define-gateway.ts';
export { ExtensionError } from './extension-error.ts';
export type { CapabilityName, ExtensionManifest, Permission } from './manifest.ts';
export { shapeOf } from './shape-of.ts';
