import { streamPartition } from '../bus/stream-partition.ts';
import type { Pulled, StreamFacts, StreamMember, StreamRecord, StreamStore } from '../bus/stream-store.ts';

interface Stored extends StreamRecord {
  readonly partition: number;
  readonly appendedAt: number;
}

interface Share {
  committed: number;
  member: string;
  life: string;
  until: number;
}

interface MemoryStream {
  last: number;
  records: Stored[];
  readonly groups: Map<string, Map<number, Share>>;
}

/** Streams in memory, for tests: as durable as this object. */
export class MemoryStreamStore implements StreamStore {
  /** Milliseconds since the epoch; a test may let it stand still. */
  now: () => number = Date.now;
  readonly #streams = new Map<string, MemoryStream>();

  async append(request: {
    readonly stream: string;
    readonly records: readonly Pick<StreamRecord, 'key' | 'value'>[];
  }): Promise<{ readonly first: number }> {
    const stream = this.#stream(request.stream);
    const first = stream.last + 1;
    const appendedAt = this.now();
    const at = new Date(appendedAt).toISOString();
    for (const { key, value } of request.records) {
      stream.last += 1;
      const partition = streamPartition(key);
      stream.records.push({ offset: stream.last, key, value, at, partition, appendedAt });
    }
    return { first };
  }

  async pull(
    request: StreamMember & { readonly limit: number; readonly leaseMs: number },
  ): Promise<readonly Pulled[]> {
    const { records } = this.#stream(request.stream);
    const shares = this.#shares(request);
    const now = this.now();
    const pulled = new Map<number, StreamRecord[]>();
    let left = request.limit;
    for (const { partition, appendedAt: _appendedAt, ...record } of records) {
      if (left === 0) break;
      const share = shareOf(shares, partition);
      const former = share.member === request.member && share.life !== request.life;
      const free = share.until <= now || former || pulled.has(partition);
      if (!free || record.offset <= share.committed) continue;
      const { member, life } = request;
      Object.assign(share, { member, life, until: now + request.leaseMs });
      pulled.set(partition, [...(pulled.get(partition) ?? []), record]);
      left -= 1;
    }
    return [...pulled].map(([partition, own]) => ({ partition, records: own }));
  }

  async commit(
    request: StreamMember & {
      readonly offsets: readonly { readonly partition: number; readonly offset: number }[];
    },
  ): Promise<{ readonly lost: readonly number[] }> {
    const shares = this.#shares(request);
    const lost: number[] = [];
    for (const { partition, offset } of request.offsets) {
      const share = shareOf(shares, partition);
      if (share.member !== request.member || share.life !== request.life) lost.push(partition);
      else Object.assign(share, { committed: Math.max(share.committed, offset), until: 0 });
    }
    return { lost };
  }

  async seek(request: { readonly stream: string; readonly group: string; readonly offset: number }) {
    const shares = this.#shares(request);
    shares.clear();
    for (let partition = 0; partition < streamPartition.count; partition++)
      shareOf(shares, partition).committed = request.offset;
  }

  async read(request: { readonly stream: string; readonly after: number; readonly limit: number }) {
    return this.#stream(request.stream)
      .records.filter(({ offset }) => offset > request.after)
      .slice(0, request.limit)
      .map(({ partition: _partition, appendedAt: _appendedAt, ...record }) => record);
  }

  async trim(request: { readonly stream: string; readonly maxAgeMs?: number; readonly maxBytes?: number }) {
    const stream = this.#stream(request.stream);
    const before = stream.records.length;
    const oldest = this.now() - (request.maxAgeMs ?? Number.POSITIVE_INFINITY);
    let room = request.maxBytes ?? Number.POSITIVE_INFINITY;
    const kept: Stored[] = [];
    for (const record of stream.records.toReversed()) {
      room -= record.value.byteLength + record.key.length;
      if (room < 0 || record.appendedAt < oldest) break;
      kept.push(record);
    }
    stream.records = kept.reverse();
    return { removed: before - kept.length };
  }

  async facts(request: { readonly stream: string }): Promise<StreamFacts> {
    const { records, last, groups } = this.#stream(request.stream);
    const lag: Record<string, number> = {};
    for (const [group, shares] of groups) {
      lag[group] = records.filter(
        ({ partition, offset }) => offset > shareOf(shares, partition).committed,
      ).length;
    }
    const bytes = records.reduce((sum, { key, value }) => sum + value.byteLength + key.length, 0);
    return { first: records[0]?.offset ?? last + 1, last, bytes, lag };
  }

  #stream(name: string): MemoryStream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = { last: 0, records: [], groups: new Map() };
      this.#streams.set(name, stream);
    }
    return stream;
  }

  #shares(request: { readonly stream: string; readonly group: string }): Map<number, Share> {
    const { groups } = this.#stream(request.stream);
    const shares = groups.get(request.group) ?? new Map<number, Share>();
    groups.set(request.group, shares);
    return shares;
  }
}

function shareOf(shares: Map<number, Share>, partition: number): Share {
  let share = shares.get(partition);
  if (share === undefined) {
    share = { committed: 0, member: '', life: '', until: 0 };
    shares.set(partition, share);
  }
  return share;
}
