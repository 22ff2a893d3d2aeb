/**
 * `@magflock/sdk/gateway`: what extensions of the machine itself use, which run in the daemon's process. It needs
 * Node, so nothing of it may be in the public entry, whose code goes into the isolates of guests.
 */
export type { ExtensionContext } from '../../runtime/protocol/extension.protocol.ts';
export { defineGateway } from './define-gateway.ts';
export { defineSlotExtension } from './define-slot-extension.ts';
export { shapeOf } from './shape-of.ts';
