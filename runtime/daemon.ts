import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Settings } from '../config/settings.ts';
import type { BootEvent, BootScreen } from './bios/boot-event.ts';
import { type BroughtUp, bringUp } from './bios/bring-up.ts';
import { controlAddress } from './bios/control-address.ts';
import { type DaemonFacts, daemonFacts } from './bios/daemon-facts.ts';
import { endPostmaster } from './bios/end-postmaster.ts';
import { presentFirstKeys } from './bios/first-run.ts';
import { handleSignals } from './bios/handle-signals.ts';
import { jsonScreen } from './bios/json-screen.ts';
import { keepListening } from './bios/keep-listening.ts';
import { machine } from './bios/machine.ts';
import { nextSteps } from './bios/next-steps.ts';
import { parseDaemonFlags } from './bios/parse-daemon-flags.ts';
import type { PostLine } from './bios/post-line.ts';
import { type Power, powerOn } from './bios/power-on.ts';
import { powerOnSelfTest } from './bios/power-on-self-test.ts';
import { showProgress } from './bios/show-progress.ts';
import { createShutDown } from './bios/shut-down.ts';
import { textScreen } from './bios/text-screen.ts';
import { version } from './cli/version.ts';
import { MagFlockError } from './errors/magflock-error.ts';
import { renderForTerminal } from './errors/render-for-terminal.ts';
import { createMotherboard, type Motherboard } from './motherboard/motherboard.ts';
import { createMetrics } from './telemetry/create-metrics.ts';

export interface DaemonOptions {
  /** Settings flags by name without dashes; see `loadSettings`. */
  readonly flags: Readonly<Record<string, string | true>>;
  /** One JSON object per event on standard output instead of the boot screen. */
  readonly json: boolean;
}

type PostEvent = Extract<BootEvent, { event: 'post' }>;

/** Milliseconds the parts get to stop after the drain, before what is stuck is killed. */
const stopMs = 45_000;

/**
 * The daemon, from settings to the end of the process: the composition root.
 * @returns the exit code once everything is down: 0, or 130 when a second signal forced it
 * @throws MagFlockError when it does not become ready; nothing runs any more then
 */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  // Whoever reads our output may leave; that is no reason to take the database down.
  process.stdout.removeAllListeners('error').on('error', () => {});
  const screen = options.json ? jsonScreen((text) => process.stdout.write(text)) : textScreen(process.stdout);
  try {
    const power = powerOn({ flags: options.flags, env: process.env, cwd: process.cwd() });
    const exitCode = await run(power, screen, !options.json && process.stdout.isTTY === true);
    // A thread stuck in native code would keep the process alive for ever.
    setTimeout(() => process.exit(exitCode), 1000).unref();
    return exitCode;
  } catch (thrown) {
    const { code, message, fix = '' } = MagFlockError.from(thrown);
    screen.show({ event: 'failed', code, message, fix });
    throw thrown;
  }
}

async function run(power: Power, screen: BootScreen, terminal: boolean): Promise<number> {
  const { settings, log, paths, firstRun } = power;
  const { dataDir } = settings;
  const cores = settings.cores === 0 ? availableParallelism() : settings.cores;
  const startedAt = new Date().toISOString();
  const post: PostLine[] = [];
  const started: PostLine[] = [];
  const show = (event: PostEvent): void => {
    const { event: _event, stage: _stage, ...line } = event;
    post.push(line);
    log.info({ post: line }, `${line.part}: ${line.facts}`);
    screen.show(event);
  };
  const outside: { postmaster: number | null } = { postmaster: null };
  const socket = controlAddress.socket(dataDir);
  const facts = { pid: process.pid, version, startedAt, socket, url: null, adminUrl: null };

  const board = createMotherboard({
    settings,
    log,
    metrics: createMetrics({ version, thread: 'main' }),
    version,
    statePath: paths.state,
    logFile: paths.log,
    post: () => post,
    configuration: power.configuration,
    onShutdown: (reason) => shutDown.begin(reason),
  });
  let booting: Promise<void> = Promise.resolve();
  const shutDown = createShutDown({
    screen,
    log,
    drainMs: settings['shutdown.drainMs'],
    stopMs,
    announce: (reason) => announceStop(board, reason),
    drain: (timeoutMs) => drainAll(board, cores, timeoutMs),
    // A boot that is under way ends first by itself: two stops at once would both think the other does it.
    async stopParts(reason) {
      const stopping = board.shutdown({
        reason,
        onStopping: (parts) => screen.show({ event: 'waiting', parts }),
        onKilled: (part) => screen.show({ event: 'killed', ...part }),
      });
      const [{ killed }] = await Promise.all([stopping, booting.catch(() => {})]);
      return killed;
    },
    unfinished: async () => {
      const parts = await board.status();
      return parts.filter(({ state }) => state !== 'stopped').map(({ name }) => name);
    },
    async kill() {
      // Storage first: it would start the postmaster again.
      await board.kill();
      await endPostmaster(outside.postmaster);
    },
    release() {
      daemonFacts.remove(paths.daemon);
      try {
        controlAddress.remove(dataDir, socket);
      } finally {
        power.release();
      }
    },
  });
  handleSignals(shutDown);
  const onDefect = (thrown: unknown): void => {
    log.fatal({ err: thrown }, 'a defect in the main thread; stopping');
    shutDown.begin('a defect in the main thread', 1);
  };
  process.on('uncaughtException', onDefect);
  try {
    screen.show({
      event: 'begin',
      version,
      node: process.versions.node,
      pid: process.pid,
      dataDir,
      firstRun,
    });
    for (const text of power.notes) screen.show({ event: 'notice', text });
    daemonFacts.write(paths.daemon, facts);
    const context = { settings, firstRun, lastSeen: power.lastSeen };
    await powerOnSelfTest(context, (line) => show({ event: 'post', stage: 'bios', ...line }));
    const control = {
      version,
      socket,
      token: controlAddress.createToken(dataDir),
      settings: power.described,
    };
    booting = bootParts(board, power, control, started, show);
    await showProgress(screen, () => waitingFor(post, firstRun), booting);
    const up = await showProgress(
      screen,
      () => 'bringing the API up',
      bringUp(board, { ...settings, cores, started }, show),
    );
    shutDown.ready();
    keepListening(board, up.address, log);
    rememberPostmaster(board, outside);
    await announceReady(board, { ...facts, url: up.address.url, adminUrl: up.adminUrl }, paths.daemon);
    showBanner(screen, { up, settings, terminal, firstKeysFile: paths.firstKeys });
    log.info({ url: up.address.url, ms: Math.round(performance.now()) }, 'ready');
    return await shutDown.done;
  } catch (thrown) {
    // Asked to stop while it was booting: what fails then, fails because of that.
    if (shutDown.begun) return await shutDown.done;
    log.fatal({ err: thrown }, 'the boot failed');
    shutDown.begin('the boot failed', 2);
    await shutDown.done;
    throw thrown;
  } finally {
    process.off('uncaughtException', onDefect);
  }
}

async function bootParts(
  board: Motherboard,
  { settings, keys }: Power,
  control: unknown,
  started: PostLine[],
  show: (line: PostEvent) => void,
): Promise<void> {
  for (const spec of machine({ settings, keys, version, control })) await board.register(spec);
  await board.boot({
    // Slots and CPU threads come with what they found and where they listen, once they have.
    onPart: (line) => {
      const later = line.part === 'maggate' || line.part.startsWith('cpu-');
      if (later && line.outcome === 'ok') started.push(line);
      else show({ event: 'post', stage: 'board', ...line });
    },
  });
}

/** What the boot waits for, in words for the person who waits with it. */
function waitingFor(post: readonly PostLine[], firstRun: boolean): string {
  if (post.some(({ part }) => part === 'storage')) return 'starting the parts';
  return firstRun ? 'making the database, first time only' : 'starting PostgreSQL';
}

async function announceReady(
  board: Motherboard,
  facts: DaemonFacts & { url: string },
  file: string,
): Promise<void> {
  daemonFacts.write(file, facts);
  await board.get('control').ask('ready', { url: facts.url });
  board.events.emit('system.ready', { url: facts.url });
  board.get('audit').tell('append', {
    kind: 'system',
    project: 'system',
    action: 'machine.started',
    actor: 'bios',
    details: { version, pid: process.pid },
  });
}

function announceStop(board: Motherboard, reason: string): void {
  board.events.emit('system.stopping', { reason });
  const entry = {
    kind: 'system',
    project: 'system',
    action: 'machine.stopping',
    actor: 'bios',
    target: reason,
  } as const;
  board.get('audit').tell('append', entry);
}

function showBanner(
  screen: BootScreen,
  options: { up: BroughtUp; settings: Settings; terminal: boolean; firstKeysFile: string },
): void {
  const { up, settings, terminal, firstKeysFile } = options;
  const { url } = up.address;
  const keys =
    up.firstKeys && presentFirstKeys({ project: 'main', keys: up.firstKeys, file: firstKeysFile, terminal });
  if (keys !== null) screen.show(keys);
  const secret =
    keys === null ? undefined : keys.file === null ? { key: keys.secretKey } : { file: keys.file };
  screen.show({
    event: 'ready',
    url,
    adminUrl: up.adminUrl,
    socket: up.socket,
    pid: process.pid,
    tookMs: Math.round(performance.now()),
    links: {
      'REST API': `${url}/api`,
      'supabase-js': url,
      Docs: `${url}/docs`,
      Health: `${up.adminUrl}/readyz?verbose`,
      Metrics: `${up.adminUrl}/metrics`,
      Database: withoutPassword(up.databaseUrl),
    },
    next: nextSteps({ url, dataDir: settings.dataDir, cwd: process.cwd(), secret }),
  });
}

/** `magflock project info main` tells the whole URL to whoever may know it. */
function withoutPassword(databaseUrl: string): string {
  return databaseUrl.replace(/(:\/\/[^:@/]*):[^@/]*@/, '$1@');
}

/** A restarted PostgreSQL has another process id; a forced stop has to know it. */
function rememberPostmaster(board: Motherboard, outside: { postmaster: number | null }): void {
  const look = async (): Promise<void> => {
    const server = await board
      .get('storage')
      .ask('server', null)
      .catch(() => undefined);
    outside.postmaster = server?.pid ?? null;
  };
  board.events.on('database.available', look);
  void look();
}

async function drainAll(board: Motherboard, cores: number, timeoutMs: number): Promise<void> {
  const drains = Array.from({ length: cores }, (_, index) =>
    board.get(`cpu-${index}`).ask('drain', { timeoutMs }, { timeoutMs: timeoutMs + 1000 }),
  );
  // One that has not started or is restarting has nothing in flight.
  await Promise.allSettled(drains);
}

if (import.meta.main) {
  let exitCode = 2;
  try {
    exitCode = await runDaemon(parseDaemonFlags(process.argv.slice(2)));
  } catch (thrown) {
    process.stderr.write(`${renderForTerminal(MagFlockError.from(thrown))}\n`);
  }
  process.exit(exitCode);
}
