/** One of the Savina benchmarks (Imam and Sarkar, AGERE 2014), with the parameters both contenders get. */
export interface SavinaBenchmark {
  /** File in `magflock/` and in `nact/`. */
  readonly name: string;
  readonly what: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** The parameter that is made smaller for a short run. */
  readonly size: string;
  /** What is counted, and how many of it one run completes. */
  readonly unit: string;
  operations(parameters: Readonly<Record<string, number>>): number;
}

const times =
  (...names: readonly string[]) =>
  (parameters: Readonly<Record<string, number>>): number =>
    names.reduce((product, name) => product * (parameters[name] as number), 1);

/** Sized so that one run of the peer takes about a second or less; Savina's own figures stand behind ours. */
export const benchmarks: readonly SavinaBenchmark[] = [
  {
    name: 'ping-pong',
    what: 'two actors send one message to and fro: 100,000 pings (Savina 40,000)',
    parameters: { pings: 100_000 },
    size: 'pings',
    unit: 'round trips',
    operations: times('pings'),
  },
  {
    name: 'count',
    what: 'one actor sends another 200,000 increments at once, then asks for the sum (Savina 1,000,000)',
    parameters: { messages: 200_000 },
    size: 'messages',
    unit: 'messages',
    operations: times('messages'),
  },
  {
    name: 'fork-join-throughput',
    what: '4,000 messages with a small computation to each of 60 actors in turn (Savina 10,000 to 60)',
    parameters: { actors: 60, messages: 4_000 },
    size: 'messages',
    unit: 'messages',
    operations: times('actors', 'messages'),
  },
  {
    name: 'fork-join-create',
    what: '20,000 actors are created, each gets one message, computes and ends (Savina 40,000)',
    parameters: { actors: 20_000 },
    size: 'actors',
    unit: 'actors',
    operations: times('actors'),
  },
  {
    name: 'thread-ring',
    what: 'a token makes 100,000 hops around a ring of 100 actors (Savina the same)',
    parameters: { actors: 100, hops: 100_000 },
    size: 'hops',
    unit: 'hops',
    operations: times('hops'),
  },
  {
    name: 'big',
    what: '120 actors send each 1,000 pings to random others, the next when the pong is back (Savina 20,000)',
    parameters: { actors: 120, pings: 1_000 },
    size: 'pings',
    unit: 'round trips',
    operations: times('actors', 'pings'),
  },
  {
    name: 'chameneos',
    what: '100 creatures meet in pairs at a mall and change colour: 50,000 meetings (Savina 200,000)',
    parameters: { creatures: 100, meetings: 50_000 },
    size: 'meetings',
    unit: 'meetings',
    operations: times('meetings'),
  },
  {
    name: 'bounded-buffer',
    what: '40 producers of 1,000 items each, 40 consumers, a buffer of 50, no work per item (Savina: cost 25)',
    parameters: { producers: 40, consumers: 40, buffer: 50, items: 1_000 },
    size: 'items',
    unit: 'items',
    operations: times('producers', 'items'),
  },
  {
    name: 'banking',
    what: '30,000 transfers between 1,000 accounts; the payer waits for the payee to answer (Savina 50,000)',
    parameters: { accounts: 1_000, transfers: 30_000 },
    size: 'transfers',
    unit: 'transfers',
    operations: times('transfers'),
  },
  {
    name: 'philosophers',
    what: '20 philosophers eat 1,000 times each, an arbiter gives out the forks (Savina 10,000)',
    parameters: { philosophers: 20, meals: 1_000 },
    size: 'meals',
    unit: 'meals',
    operations: times('philosophers', 'meals'),
  },
];
