import type {
  Delivery,
  OutboxEvent,
  OutboxStore,
  UndeliveredEvent,
} from '../../../runtime/bus/outbox-store.ts';
import type { RunQuery } from './run-query.ts';

const isoTime = `to_char(o.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`;

/** The outbox of the event bus in the control database. */
export class PostgresOutboxStore implements OutboxStore {
  readonly #query: RunQuery;

  constructor(query: RunQuery) {
    this.#query = query;
  }

  async subscribe({ subscriber, event }: { readonly subscriber: string; readonly event: string }) {
    await this.#query({
      text: `insert into cp_runtime.subscriptions (subscriber, event) values ($1, $2) on conflict do nothing`,
      values: [subscriber, event],
    });
  }

  async unsubscribe({ subscriber }: { readonly subscriber: string }): Promise<void> {
    await this.#query({
      text: `with gone as (delete from cp_runtime.subscriptions where subscriber = $1)
        delete from cp_runtime.deliveries where subscriber = $1`,
      values: [subscriber],
    });
  }

  async names(): Promise<readonly string[]> {
    const { rows } = await this.#query({
      text: `select distinct event from cp_runtime.subscriptions order by event`,
    });
    return rows.map(({ event }) => String(event));
  }

  async put({ events }: { readonly events: readonly OutboxEvent[] }): Promise<void> {
    if (events.length === 0) return;
    await this.#query({
      text: `with new as (
          insert into cp_runtime.outbox (id, name, payload, at)
          select e.id, e.name, e.payload, e.at
          from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) with ordinality
            as e (id, name, payload, at, place)
          order by e.place
          on conflict (id) do nothing
          returning position, name
        )
        insert into cp_runtime.deliveries (subscriber, position)
        select s.subscriber, new.position from new join cp_runtime.subscriptions as s on s.event = new.name`,
      values: [
        events.map(({ id }) => id),
        events.map(({ name }) => name),
        events.map(({ payload }) => payload),
        events.map(({ at }) => at),
      ],
    });
  }

  async take(request: { readonly subscriber: string; readonly limit: number }): Promise<readonly Delivery[]> {
    const { rows } = await this.#query({
      text: `select o.id::text, o.name, o.payload, ${isoTime}, d.attempts
        from cp_runtime.deliveries as d join cp_runtime.outbox as o on o.position = d.position
        where d.subscriber = $1 and not d.dead and d.due_at <= clock_timestamp()
        order by d.position limit $2`,
      values: [request.subscriber, request.limit],
    });
    return rows as unknown as Delivery[];
  }

  async acknowledge(request: { readonly subscriber: string; readonly ids: readonly string[] }) {
    await this.#query({
      text: `delete from cp_runtime.deliveries as d using cp_runtime.outbox as o
        where d.subscriber = $1 and o.id = any($2::uuid[]) and d.position = o.position`,
      values: [request.subscriber, request.ids],
    });
  }

  async fail(request: {
    readonly subscriber: string;
    readonly id: string;
    readonly error: string;
    readonly retryMs: number | null;
  }): Promise<void> {
    await this.#query({
      text: `update cp_runtime.deliveries as d set attempts = attempts + 1, error = $3, dead = $4::float8 is null,
          due_at = clock_timestamp() + coalesce($4::float8, 0) * interval '1 millisecond'
        from cp_runtime.outbox as o
        where d.subscriber = $1 and o.id = $2::uuid and d.position = o.position`,
      values: [request.subscriber, request.id, request.error.slice(0, 2_000), request.retryMs],
    });
  }

  async undelivered({ limit }: { readonly limit: number }): Promise<readonly UndeliveredEvent[]> {
    const { rows } = await this.#query({
      text: `select o.id::text, o.name, o.payload, ${isoTime}, d.subscriber, d.attempts, d.error
        from cp_runtime.deliveries as d join cp_runtime.outbox as o on o.position = d.position
        where d.dead order by d.position desc limit $1`,
      values: [limit],
    });
    return rows as unknown as UndeliveredEvent[];
  }

  async replay({ id }: { readonly id: string }): Promise<{ readonly subscribers: number }> {
    const { count } = await this.#query({
      text: `update cp_runtime.deliveries as d set dead = false, attempts = 0, due_at = clock_timestamp()
        from cp_runtime.outbox as o where o.id::text = $1 and d.position = o.position and d.dead`,
      values: [id],
    });
    return { subscribers: count };
  }

  async discard(): Promise<{ readonly removed: number }> {
    const { count } = await this.#query({ text: `delete from cp_runtime.deliveries where dead` });
    return { removed: count };
  }

  async sweep(request: {
    readonly keepMs: number;
    readonly mostPerSubscriber: number;
  }): Promise<{ readonly dropped: number }> {
    const { count } = await this.#query({
      text: `with bound as (
          select s.subscriber, (
            select d.position from cp_runtime.deliveries as d where d.subscriber = s.subscriber
            order by d.position desc offset $1 limit 1
          ) as position
          from (select distinct subscriber from cp_runtime.subscriptions) as s
        )
        delete from cp_runtime.deliveries as d using bound
        where d.subscriber = bound.subscriber and d.position <= bound.position`,
      values: [request.mostPerSubscriber],
    });
    await this.#query({
      text: `delete from cp_runtime.outbox as o
        where o.put_at <= clock_timestamp() - $1::float8 * interval '1 millisecond'
          and not exists (select from cp_runtime.deliveries as d where d.position = o.position)`,
      values: [request.keepMs],
    });
    return { dropped: count };
  }
}
