import { streamPartition } from '../../../runtime/bus/stream-partition.ts';
import type {
  Pulled,
  StreamFacts,
  StreamMember,
  StreamRecord,
  StreamStore,
} from '../../../runtime/bus/stream-store.ts';
import type { RunQuery } from './run-query.ts';

const columns = `r."offset"::float8 as "offset", r.key, r.value,
  to_char(r.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`;

/** Streams in the control database: one append-only table. */
export class PostgresStreamStore implements StreamStore {
  readonly #query: RunQuery;

  constructor(query: RunQuery) {
    this.#query = query;
  }

  async append(request: {
    readonly stream: string;
    readonly records: readonly Pick<StreamRecord, 'key' | 'value'>[];
  }): Promise<{ readonly first: number }> {
    const { records } = request;
    const { rows } = await this.#query({
      // The row of the stream stays locked until the commit: offsets appear in order, so no reader passes one over.
      text: `with moved as (
          insert into cp_runtime.streams as s (stream, last_offset) values ($1, $2)
          on conflict (stream) do update set last_offset = s.last_offset + $2
          returning last_offset - $2 as before
        ), written as (
          insert into cp_runtime.stream_records (stream, "offset", partition, key, value)
          select $1, moved.before + r.place, r.partition, r.key, r.value
          from moved, unnest($3::smallint[], $4::text[], $5::bytea[]) with ordinality
            as r (partition, key, value, place)
        )
        select (before + 1)::float8 as first from moved`,
      values: [
        request.stream,
        records.length,
        records.map(({ key }) => streamPartition(key)),
        records.map(({ key }) => key),
        records.map(({ value }) => Buffer.from(value)),
      ],
    });
    return { first: Number(rows[0]?.['first']) };
  }

  async pull(
    request: StreamMember & { readonly limit: number; readonly leaseMs: number },
  ): Promise<readonly Pulled[]> {
    const { stream, group, member, life, limit, leaseMs } = request;
    await this.#ensureShares(stream, group);
    const { rows } = await this.#query({
      // Locked shares are being taken by another member in this moment: they are passed over.
      text: `with free as (
          select partition, committed from cp_runtime.stream_shares
          where stream = $1 and "group" = $2
            and (until <= clock_timestamp() or (member = $3 and life <> $4))
          for update skip locked
        ), chosen as (
          select free.partition, r.* from free, lateral (
            select ${columns} from cp_runtime.stream_records as r
            where r.stream = $1 and r.partition = free.partition and r."offset" > free.committed
            order by r."offset" limit $5
          ) as r
          order by r."offset" limit $5
        ), leased as (
          update cp_runtime.stream_shares as s set member = $3, life = $4,
            until = clock_timestamp() + $6::float8 * interval '1 millisecond'
          where s.stream = $1 and s."group" = $2 and s.partition in (select partition from chosen)
        )
        select * from chosen order by "offset"`,
      values: [stream, group, member, life, limit, leaseMs],
    });
    const pulled = new Map<number, StreamRecord[]>();
    for (const row of rows) {
      const partition = Number(row['partition']);
      const records = pulled.get(partition) ?? [];
      pulled.set(partition, records);
      records.push(record(row));
    }
    return [...pulled].map(([partition, records]) => ({ partition, records }));
  }

  async commit(
    request: StreamMember & {
      readonly offsets: readonly { readonly partition: number; readonly offset: number }[];
    },
  ): Promise<{ readonly lost: readonly number[] }> {
    const { stream, group, member, life, offsets } = request;
    const { rows } = await this.#query({
      text: `update cp_runtime.stream_shares as s
        set committed = greatest(s.committed, done."offset"), until = '-infinity'
        from unnest($5::smallint[], $6::bigint[]) as done (partition, "offset")
        where s.stream = $1 and s."group" = $2 and s.partition = done.partition
          and s.member = $3 and s.life = $4
        returning s.partition`,
      values: [
        stream,
        group,
        member,
        life,
        offsets.map(({ partition }) => partition),
        offsets.map(({ offset }) => offset),
      ],
    });
    const kept = new Set(rows.map(({ partition }) => Number(partition)));
    return { lost: offsets.map(({ partition }) => partition).filter((partition) => !kept.has(partition)) };
  }

  async seek(request: { readonly stream: string; readonly group: string; readonly offset: number }) {
    await this.#ensureShares(request.stream, request.group);
    await this.#query({
      text: `update cp_runtime.stream_shares set committed = $3, member = '', life = '', until = '-infinity'
        where stream = $1 and "group" = $2`,
      values: [request.stream, request.group, request.offset],
    });
  }

  async read(request: { readonly stream: string; readonly after: number; readonly limit: number }) {
    const { rows } = await this.#query({
      text: `select ${columns} from cp_runtime.stream_records as r
        where r.stream = $1 and r."offset" > $2 order by r."offset" limit $3`,
      values: [request.stream, request.after, request.limit],
    });
    return rows.map(record);
  }

  async trim(request: { readonly stream: string; readonly maxAgeMs?: number; readonly maxBytes?: number }) {
    const { count } = await this.#query({
      text: `with bound as (
          select max("offset") as last from (
            select "offset", at,
              sum(octet_length(value) + length(key)) over (order by "offset" desc) as size
            from cp_runtime.stream_records where stream = $1
          ) as r
          where r.at < clock_timestamp() - $2::float8 * interval '1 millisecond' or r.size > $3::float8
        )
        delete from cp_runtime.stream_records as r using bound where r.stream = $1 and r."offset" <= bound.last`,
      values: [request.stream, request.maxAgeMs ?? null, request.maxBytes ?? null],
    });
    return { removed: count };
  }

  async facts({ stream }: { readonly stream: string }): Promise<StreamFacts> {
    const totals = await this.#query({
      text: `select coalesce(s.last_offset, 0)::float8 as last, r.first::float8 as first, r.bytes::float8 as bytes
        from (select min("offset") as first, coalesce(sum(octet_length(value) + length(key)), 0) as bytes
          from cp_runtime.stream_records where stream = $1) as r
        left join cp_runtime.streams as s on s.stream = $1`,
      values: [stream],
    });
    const lags = await this.#query({
      text: `select s."group", count(r."offset")::float8 as lag from cp_runtime.stream_shares as s
        left join cp_runtime.stream_records as r
          on r.stream = s.stream and r.partition = s.partition and r."offset" > s.committed
        where s.stream = $1 group by s."group"`,
      values: [stream],
    });
    const [row] = totals.rows;
    const last = Number(row?.['last'] ?? 0);
    return {
      first: Number(row?.['first'] ?? last + 1),
      last,
      bytes: Number(row?.['bytes'] ?? 0),
      lag: Object.fromEntries(lags.rows.map(({ group, lag }) => [String(group), Number(lag)])),
    };
  }

  readonly #groups = new Set<string>();

  /** A row for each partition; made once, since every pull needs them. */
  async #ensureShares(stream: string, group: string): Promise<void> {
    const key = JSON.stringify([stream, group]);
    if (this.#groups.has(key)) return;
    await this.#query({
      text: `insert into cp_runtime.stream_shares (stream, "group", partition)
        select $1, $2, partition from generate_series(0, $3 - 1) as partition on conflict do nothing`,
      values: [stream, group, streamPartition.count],
    });
    this.#groups.add(key);
  }
}

function record(row: Readonly<Record<string, unknown>>): StreamRecord {
  return {
    offset: Number(row['offset']),
    key: String(row['key']),
    // A copy of its own: a slice of the driver's buffer would take all of it to the other thread.
    value: Uint8Array.from(row['value'] as Uint8Array),
    at: String(row['at']),
  };
}
