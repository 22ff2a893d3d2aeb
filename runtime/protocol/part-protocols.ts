import type { AuditProtocol } from './audit.protocol.ts';
import type { ControlProtocol } from './control.protocol.ts';
import type { CpuProtocol } from './cpu.protocol.ts';
import type { ExtensionsProtocol } from './extensions.protocol.ts';
import type { GatewayOwnerProtocol } from './gateway-owner.protocol.ts';
import type { MotherboardProtocol } from './motherboard.protocol.ts';
import type { PatrolProtocol } from './patrol.protocol.ts';
import type { PsuProtocol } from './psu.protocol.ts';
import type { SentinelProtocol } from './sentinel.protocol.ts';
import type { StorageProtocol } from './storage.protocol.ts';

/** Parts by name, with the protocol each one speaks. */
export interface PartProtocols {
  readonly motherboard: MotherboardProtocol;
  readonly storage: StorageProtocol;
  readonly psu: PsuProtocol;
  readonly sentinel: SentinelProtocol;
  readonly patrol: PatrolProtocol;
  readonly audit: AuditProtocol;
  readonly control: ControlProtocol;
  readonly extensions: ExtensionsProtocol;
  readonly maggate: GatewayOwnerProtocol;
  readonly [cpu: `cpu-${number}`]: CpuProtocol;
}

export type PartName = keyof PartProtocols;
