/** Bounds of the wire between daemon and cage, in bytes. */
export const frameLimits = {
  /** Length field. */
  prefix: 4,
  /** Kind, slot and id. */
  head: 1 + 4 + 12,
  /** Longest frame after its length field; a longer one ends the connection. */
  frame: 8 * 1024 * 1024,
  /** Most slots of a cage. */
  slots: 4096,
} as const;

/** Id of a frame that nothing answers. */
export const noId = '0'.repeat(24);
