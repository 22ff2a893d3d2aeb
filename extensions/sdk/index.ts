/**
 * `@magflock/sdk`, the whole surface of an extension: what it may import, and nothing else.
 * The one barrel of the project, because it is a public entry.
 */
export type {
  ExtensionContext,
  ExtensionDefinition,
  ExtensionHealth,
  ExtensionLog,
} from '../../runtime/protocol/extension.protocol.ts';
export type {
  CapabilityName,
  ExtensionManifest,
  Permission,
} from '../../runtime/protocol/extension-manifest.ts';
export type {
  DatabaseErrorFacts,
  GatewayAnswer,
  GatewayRequest,
} from '../../runtime/protocol/gateway.protocol.ts';
export type { GatewayContext, GatewayDefinition } from '../../runtime/protocol/gateway-extension.protocol.ts';
export type { JsonText } from '../../runtime/protocol/json-text.ts';
export type { Plan, PlanResult } from '../../runtime/protocol/plan.protocol.ts';
export type {
  Catalog,
  CatalogColumn,
  CatalogConstraint,
  CatalogTable,
} from '../../runtime/protocol/storage.protocol.ts';
export { defineExtension } from './define-extension.ts';
export { defineGateway } from './define-gateway.ts';
export { ExtensionError } from './extension-error.ts';
export { shapeOf } from './shape-of.ts';
