/**
 * Every setting: type, default, environment names, help, and whether a change works live. The loader is
 * `runtime/bios/load-settings.ts`; precedence is flags > environment > .env > file > defaults.
 */
export interface SettingDefinition {
  readonly type: 'string' | 'integer' | 'boolean' | 'list' | 'enum';
  readonly default: string | number | boolean | readonly string[] | null;
  /** Environment names, first wins. Each also accepts NAME_FILE when `secret`. */
  readonly env: readonly string[];
  readonly help: string;
  readonly reload: 'live' | 'restart';
  readonly secret?: boolean;
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
}

export const settingDefinitions = {
  dataDir: {
    type: 'string',
    default: '.magflock',
    env: ['MAGFLOCK_DATA'],
    help: 'Data folder: keys, embedded PostgreSQL, control socket, exported checkpoints.',
    reload: 'restart',
  },
  host: {
    type: 'string',
    default: '127.0.0.1',
    env: ['MAGFLOCK_HOST'],
    help: 'Address of the public listener.',
    reload: 'restart',
  },
  port: {
    type: 'integer',
    default: 8080,
    min: 0,
    max: 65535,
    env: ['MAGFLOCK_PORT', 'PORT'],
    help: 'Port of the public listener; 0 picks a free one.',
    reload: 'restart',
  },
  adminHost: {
    type: 'string',
    default: '127.0.0.1',
    env: ['MAGFLOCK_ADMIN_HOST'],
    help: 'Address of the admin listener (metrics, health).',
    reload: 'restart',
  },
  adminPort: {
    type: 'integer',
    default: 9090,
    min: 0,
    max: 65535,
    env: ['MAGFLOCK_ADMIN_PORT'],
    help: 'Port of the admin listener; 0 picks a free one.',
    reload: 'restart',
  },
  domain: {
    type: 'string',
    default: null,
    env: ['MAGFLOCK_DOMAIN'],
    help: 'With a domain, <ref>.<domain> addresses a project.',
    reload: 'restart',
  },
  cores: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 64,
    env: ['MAGFLOCK_CORES'],
    help: 'CPU threads that serve HTTP; 0 means as many as the machine has cores.',
    reload: 'restart',
  },
  databaseUrl: {
    type: 'string',
    default: null,
    secret: true,
    env: ['MAGFLOCK_DATABASE_URL', 'DATABASE_URL'],
    help: 'An outside PostgreSQL (14 or newer) instead of the embedded one.',
    reload: 'restart',
  },
  'storage.statementTimeoutMs': {
    type: 'integer',
    default: 8000,
    min: 100,
    max: 600000,
    env: ['MAGFLOCK_STATEMENT_TIMEOUT_MS'],
    help: 'Longest time a statement of the API may take.',
    reload: 'restart',
  },
  'storage.maxConnections': {
    type: 'integer',
    default: 60,
    min: 8,
    max: 1000,
    env: ['MAGFLOCK_MAX_CONNECTIONS'],
    help: 'Connections to PostgreSQL over all projects and threads.',
    reload: 'restart',
  },
  'storage.laneConnections': {
    type: 'integer',
    default: 1,
    min: 1,
    max: 16,
    env: ['MAGFLOCK_LANE_CONNECTIONS'],
    help: 'Pipelined connections per project, role and CPU thread.',
    reload: 'restart',
  },
  'storage.idleSeconds': {
    type: 'integer',
    default: 300,
    min: 1,
    max: 86400,
    env: ['MAGFLOCK_IDLE_SECONDS'],
    help: 'A project without requests for this long gives its connections back.',
    reload: 'restart',
  },
  'api.defaultLimit': {
    type: 'integer',
    default: 100,
    min: 1,
    max: 100000,
    env: ['MAGFLOCK_API_DEFAULT_LIMIT'],
    help: 'Rows of a list without limit.',
    reload: 'restart',
  },
  'api.maxLimit': {
    type: 'integer',
    default: 1000,
    min: 1,
    max: 100000,
    env: ['MAGFLOCK_API_MAX_LIMIT'],
    help: 'Largest limit a request may ask for.',
    reload: 'restart',
  },
  'limits.bodyBytes': {
    type: 'integer',
    default: 1048576,
    min: 1024,
    max: 1073741824,
    env: ['MAGFLOCK_BODY_BYTES'],
    help: 'Largest request body.',
    reload: 'restart',
  },
  'limits.headerBytes': {
    type: 'integer',
    default: 16384,
    min: 1024,
    max: 1048576,
    env: ['MAGFLOCK_HEADER_BYTES'],
    help: 'Largest request line and headers.',
    reload: 'restart',
  },
  'limits.requestTimeoutMs': {
    type: 'integer',
    default: 30000,
    min: 1000,
    max: 600000,
    env: ['MAGFLOCK_REQUEST_TIMEOUT_MS'],
    help: 'Longest time from first byte to answer.',
    reload: 'restart',
  },
  'limits.connections': {
    type: 'integer',
    default: 10000,
    min: 1,
    max: 1000000,
    env: ['MAGFLOCK_CONNECTIONS'],
    help: 'Open client connections per CPU thread.',
    reload: 'restart',
  },
  trustedProxies: {
    type: 'list',
    default: [],
    env: ['MAGFLOCK_TRUSTED_PROXIES'],
    help: 'CIDR ranges whose X-Forwarded-For counts.',
    reload: 'restart',
  },
  corsOrigins: {
    type: 'list',
    default: [],
    env: ['MAGFLOCK_CORS_ORIGINS'],
    help: 'Origins that browsers may call from; * allows all without credentials.',
    reload: 'restart',
  },
  'sentinel.mode': {
    type: 'enum',
    values: ['block', 'simulate'],
    default: 'block',
    env: ['MAGFLOCK_SENTINEL_MODE'],
    help: 'simulate reports everything and blocks nothing.',
    reload: 'live',
  },
  'audit.sealIntervalMs': {
    type: 'integer',
    default: 500,
    min: 10,
    max: 60000,
    env: ['MAGFLOCK_AUDIT_SEAL_MS'],
    help: 'Longest time a committed write waits to be sealed into the chain.',
    reload: 'restart',
  },
  'audit.checkpointSeconds': {
    type: 'integer',
    default: 60,
    min: 1,
    max: 86400,
    env: ['MAGFLOCK_AUDIT_CHECKPOINT_SECONDS'],
    help: 'Interval between signed checkpoints: the window in which a cut tail is not noticed.',
    reload: 'restart',
  },
  masterKey: {
    type: 'string',
    default: null,
    secret: true,
    env: ['MAGFLOCK_MASTER_KEY'],
    help: 'Master key, 64 hex digits, instead of the file master.key in the data folder.',
    reload: 'restart',
  },
  'log.level': {
    type: 'enum',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    env: ['MAGFLOCK_LOG_LEVEL'],
    help: 'Least severe lines the log keeps.',
    reload: 'live',
  },
  'tracing.endpoint': {
    type: 'string',
    default: null,
    env: ['MAGFLOCK_TRACING_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    help: 'OTLP/HTTP collector that gets a span of each message between actors; off without one.',
    reload: 'restart',
  },
  'tracing.sample': {
    type: 'integer',
    default: 100,
    min: 0,
    max: 100,
    env: ['MAGFLOCK_TRACING_SAMPLE'],
    help: 'Percent of the traces that are sent to the collector.',
    reload: 'restart',
  },
  'watchdog.blockedMs': {
    type: 'integer',
    default: 1000,
    min: 0,
    max: 600000,
    env: ['MAGFLOCK_BLOCKED_MS'],
    help: 'A thread held up for so long is reported, with the actor that does it; 0 for never.',
    reload: 'restart',
  },
  'watchdog.killMs': {
    type: 'integer',
    default: 30000,
    min: 0,
    max: 3600000,
    env: ['MAGFLOCK_KILL_BLOCKED_MS'],
    help: 'A thread held up for so long is ended, and its parts start again; 0 for never.',
    reload: 'restart',
  },
  'extensions.allowPrivate': {
    type: 'list',
    default: [],
    env: ['MAGFLOCK_EXTENSIONS_ALLOW_PRIVATE'],
    help: 'CIDR ranges outside the public Internet that extensions may reach with net.fetch, where it is granted.',
    reload: 'restart',
  },
  'extensions.maxMemoryMegabytes': {
    type: 'integer',
    default: 512,
    min: 8,
    max: 512,
    env: ['MAGFLOCK_EXTENSIONS_MAX_MEMORY_MB'],
    help: 'Most memory of one extension, whatever its manifest asks for.',
    reload: 'restart',
  },
  'extensions.maxCpuMsPerMinute': {
    type: 'integer',
    default: 60000,
    min: 100,
    max: 60000,
    env: ['MAGFLOCK_EXTENSIONS_MAX_CPU_MS_PER_MINUTE'],
    help: 'Most processor time of one extension in a minute, whatever its manifest asks for.',
    reload: 'restart',
  },
  'extensions.maxDiskMegabytes': {
    type: 'integer',
    default: 4096,
    min: 1,
    max: 4096,
    env: ['MAGFLOCK_EXTENSIONS_MAX_DISK_MB'],
    help: 'Most disk of the files of one extension, whatever its manifest asks for.',
    reload: 'restart',
  },
  'extensions.cageMegabytes': {
    type: 'integer',
    default: 0,
    min: 0,
    max: 1048576,
    env: ['MAGFLOCK_EXTENSIONS_CAGE_MB'],
    help: "Most memory of a cage, with all extensions in it; 0 for half of the machine's, at most 4096.",
    reload: 'restart',
  },
  'extensions.detectionMs': {
    type: 'integer',
    default: 1000,
    min: 200,
    max: 60000,
    env: ['MAGFLOCK_EXTENSIONS_DETECTION_MS'],
    help: 'A cage or an extension that gives no sign of life for so long is ended.',
    reload: 'restart',
  },
  'shutdown.drainMs': {
    type: 'integer',
    default: 5000,
    min: 0,
    max: 600000,
    env: ['MAGFLOCK_DRAIN_MS'],
    help: 'Time requests in flight get at shutdown.',
    reload: 'restart',
  },
} as const satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof settingDefinitions;

type ValueOf<D> = D extends { readonly type: 'integer' }
  ? number
  : D extends { readonly type: 'boolean' }
    ? boolean
    : D extends { readonly type: 'list' }
      ? readonly string[]
      : D extends { readonly type: 'enum'; readonly values: readonly (infer V)[] }
        ? V
        : D extends { readonly default: null }
          ? string | null
          : string;

/** Resolved settings, structured-cloneable: `settings['log.level']`. */
export type Settings = { readonly [N in SettingName]: ValueOf<(typeof settingDefinitions)[N]> };
