import type { FrameKind } from './frame-kind.ts';

/**
 * One message between daemon and cage. On the wire, little endian:
 * `u32 length of the rest | u8 kind | u32 slot | 12 bytes id | body`.
 */
export interface Frame {
  readonly kind: FrameKind;
  /** Place of a guest in its cage, counted from 1; 0 is the cage itself. */
  readonly slot: number;
  /** 96 random bits as 24 hexadecimal digits, or 24 zeros for frames that nothing answers. */
  readonly id: string;
  readonly body: Buffer;
}
