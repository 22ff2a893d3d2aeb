export interface StreamRecord {
  /** Place in the stream, counted from 1 without gaps. */
  readonly offset: number;
  /** Records of one key are read in order and by one member of a group at a time. */
  readonly key: string;
  /** Encoded value. */
  readonly value: Uint8Array;
  /** When it was appended, ISO 8601. */
  readonly at: string;
}

/** A consumer of a stream: one of the members that share the work of a group. */
export interface StreamMember {
  readonly stream: string;
  readonly group: string;
  /** Stable name, for example the path of the actor. */
  readonly member: string;
  /** This life of the member: what a former one held is taken over at once. */
  readonly life: string;
}

/** Records a member holds until it commits them. */
export interface Pulled {
  readonly partition: number;
  readonly records: readonly StreamRecord[];
}

export interface StreamFacts {
  /** First and last offset that is there; first > last when it is empty. */
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
  /** Records that a group has not committed. */
  readonly lag: Readonly<Record<string, number>>;
}

/**
 * Ordered, replayable streams. Keys are spread over a fixed number of partitions; a group keeps a committed offset
 * for each. `pull` gives a member partitions that no other member holds, and nothing more until it has committed:
 * who is slow pulls less.
 *
 * All throw MF503 when the database is away and MF506 when its disk is full; then nothing was done.
 */
export interface StreamStore {
  /** All or none, in order. @returns the offset of the first */
  append(request: {
    readonly stream: string;
    readonly records: readonly Pick<StreamRecord, 'key' | 'value'>[];
  }): Promise<{ readonly first: number }>;
  /**
   * Records after the committed offsets, at most `limit`; they are this member's for `leaseMs` milliseconds.
   * A group begins with the oldest record there is.
   */
  pull(
    request: StreamMember & { readonly limit: number; readonly leaseMs: number },
  ): Promise<readonly Pulled[]>;
  /**
   * The records up to these offsets are done; their partitions are free again.
   * @returns partitions that had gone to another member meanwhile: it runs these records, too
   */
  commit(
    request: StreamMember & {
      readonly offsets: readonly { readonly partition: number; readonly offset: number }[];
    },
  ): Promise<{ readonly lost: readonly number[] }>;
  /** Sets a group to go on after this offset, in all partitions; 0 is the beginning. */
  seek(request: { readonly stream: string; readonly group: string; readonly offset: number }): Promise<void>;
  /** Records after an offset, whatever groups have done. */
  read(request: {
    readonly stream: string;
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly StreamRecord[]>;
  /** Removes the oldest records beyond an age or a size, whether they were consumed or not. */
  trim(request: {
    readonly stream: string;
    readonly maxAgeMs?: number;
    readonly maxBytes?: number;
  }): Promise<{ readonly removed: number }>;
  facts(request: { readonly stream: string }): Promise<StreamFacts>;
}
