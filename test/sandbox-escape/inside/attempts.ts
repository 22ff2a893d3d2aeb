// Everything that a process can try without being allowed to: what Node offers, and what of the system shows through.
import { Buffer } from 'node:buffer';
import childProcess from 'node:child_process';
import cluster from 'node:cluster';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import http from 'node:http';
import inspector from 'node:inspector';
import module from 'node:module';
import net from 'node:net';
import os from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import tracing from 'node:trace_events';
import v8 from 'node:v8';
import vm from 'node:vm';
import { WASI } from 'node:wasi';
import threads from 'node:worker_threads';

/** The same as of the canaries; nothing of theirs can be imported here. */
export interface Facts {
  readonly folder: string;
  readonly file: string;
  readonly port: number;
  readonly udpPort: number;
  readonly socket: string;
  readonly channel: string;
  readonly pid: number;
  readonly variable: string;
}

const host = process as unknown as Record<string, (...args: unknown[]) => unknown>;

function settled(emitter: NodeJS.EventEmitter, good: string): Promise<string> {
  return new Promise((resolve, reject) => {
    emitter.once(good, () => resolve(good));
    emitter.once('error', reject);
  });
}

/** Each: throws when it was held back; what it answers else is what it got. */
export const attempts: Readonly<Record<string, (facts: Facts) => unknown>> = {
  readSecret: ({ file }) => fs.readFileSync(file, 'utf8'),
  readPasswd: () => fs.readFileSync('/etc/passwd', 'utf8'),
  readByBuffer: ({ file }) => fs.readFileSync(Buffer.from(file), 'utf8'),
  readByUrl: ({ file }) => fs.readFileSync(new URL(`file://${file}`), 'utf8'),
  readByDots: ({ file }) => fs.readFileSync(`${import.meta.dirname}/../../../../../../../..${file}`, 'utf8'),
  readByBytes: ({ file }) => fs.readFileSync(Buffer.from(`/image/../${file}`), 'utf8'),
  readByPromise: ({ file }) => fs.promises.readFile(file, 'utf8'),
  readByStream: ({ file }) => settled(fs.createReadStream(file), 'data'),
  readByBlob: async ({ file }) => (await fs.openAsBlob(file)).text(),
  readByHandle: async ({ file }) => (await fs.promises.open(file)).fd,
  readByImport: ({ file }) => import(file),
  readByRequire: ({ file }) => module.createRequire(import.meta.url)(file),
  readByEnvFile: ({ file }) => process.loadEnvFile(file),
  readByWasi: () => new WASI({ version: 'preview1', preopens: { '/': '/' } }),
  readBySqlite: ({ file }) => new DatabaseSync(file, { readOnly: true }).prepare('select 1').all(),
  realpath: ({ file }) => fs.realpathSync(file),
  realpathNative: ({ file }) => fs.realpathSync.native(file),
  stat: ({ file }) => fs.statSync(file).size,
  exists: ({ file }) => fs.existsSync(file) || refuse('it says it is not there'),
  access: ({ file }) => fs.accessSync(file),
  list: () => fs.readdirSync('/'),
  glob: () => fs.globSync('/*').length || refuse('nothing'),
  openFolder: ({ folder }) => fs.opendirSync(folder),
  watch: ({ folder }) => fs.watch(folder),
  copy: ({ file }) => fs.cpSync(file, `${import.meta.dirname}/copy`),
  environOfParent: () => fs.readFileSync('/proc/1/environ', 'utf8'),
  environOfSelf: () => fs.readFileSync('/proc/self/environ', 'utf8'),
  memory: () => fs.openSync('/proc/self/mem', 'r+'),
  descriptors: () => fs.readdirSync('/proc/self/fd'),
  rootOfParent: () => fs.readdirSync('/proc/1/root'),
  devices: () => fs.readdirSync('/dev'),
  shm: () => fs.writeFileSync('/dev/shm/x', 'x'),
  write: ({ folder }) => fs.writeFileSync(`${folder}/written`, 'x'),
  writeSecret: ({ file }) => fs.writeFileSync(file, 'x'),
  writeOwn: () => fs.writeFileSync(`${import.meta.dirname}/x`, 'x'),
  writeTemporary: () => fs.mkdtempSync('/tmp/x'),
  append: ({ file }) => fs.appendFileSync(file, 'x'),
  truncate: ({ file }) => fs.truncateSync(file),
  unlink: ({ file }) => fs.unlinkSync(file),
  unlinkOwn: () => fs.unlinkSync(import.meta.filename),
  rename: ({ file, folder }) => fs.renameSync(file, `${folder}/renamed`),
  symlink: ({ folder }) => fs.symlinkSync('/etc/passwd', `${folder}/link`),
  symlinkOwn: () => fs.symlinkSync('/etc/passwd', `${import.meta.dirname}/link`),
  hardlink: ({ file, folder }) => fs.linkSync(file, `${folder}/link`),
  chmod: ({ file }) => fs.chmodSync(file, 0o777),
  chown: () => fs.chownSync(import.meta.filename, 0, 0),
  touch: ({ file }) => fs.utimesSync(file, 0, 0),
  sqliteFile: ({ folder }) => new DatabaseSync(`${folder}/x.db`).exec('create table x (a)'),
  sqliteAttach: ({ folder }) =>
    new DatabaseSync(':memory:').exec(`attach '${folder}/y.db' as y; create table y.x (a)`),
  sqliteVacuum: ({ folder }) => new DatabaseSync(':memory:').exec(`vacuum into '${folder}/z.db'`),
  sqliteTemporary: () =>
    new DatabaseSync(':memory:').exec(`attach '/tmp/magflock-escape.db' as y; create table y.x (a)`),
  sqliteExtension: () => new DatabaseSync(':memory:', { allowExtension: true }).loadExtension('/lib/x'),
  heapSnapshot: () => v8.writeHeapSnapshot('/tmp/x.heapsnapshot'),
  report: ({ folder }) =>
    process.report.writeReport(`${folder}/report.json`) && refuse('it writes elsewhere'),
  trace: () => tracing.createTracing({ categories: ['node'] }).enable() ?? refuse('it writes nowhere'),
  spawn: () => childProcess.spawnSync('/setpriv', ['--version']).error ?? 'ran',
  exec: () => childProcess.execSync('id'),
  fork: () => childProcess.fork(import.meta.filename).pid,
  cluster: () => cluster.fork().process.pid,
  execve: () => host['execve']?.('/node', ['/node', '--version'], {}),
  execveShell: () => host['execve']?.('/bin/sh', ['sh', '-c', 'id'], {}),
  thread: () => new threads.Worker('', { eval: true }).threadId,
  threadWithFlags: () => new threads.Worker('0', { eval: true, execArgv: ['--no-permission'] }).threadId,
  inspectorOpen: () => inspector.open(0),
  inspectorSession: () => new inspector.Session().connect(),
  inspectorMain: () => new inspector.Session().connectToMainThread(),
  debugHost: ({ pid }) => host['_debugProcess']?.(pid),
  debugParent: () => host['_debugProcess']?.(process.ppid),
  binding: () => Object.keys(host['binding']?.('spawn_sync') as object),
  linkedBinding: () => host['_linkedBinding']?.('fs'),
  dlopen: () => process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6'),
  dlopenSecret: ({ file }) => process.dlopen({ exports: {} }, file),
  setuid: () => process.setuid?.(0),
  setgid: () => process.setgid?.(0),
  setgroups: () => process.setgroups?.([0]),
  priority: () => os.setPriority(-20),
  chdir: () => process.chdir('/proc'),
  // Process 1 is itself, where it has numbers of its own.
  killParent: () => process.kill(process.ppid === 0 ? 2 : process.ppid, 'SIGTERM'),
  killHost: ({ pid }) => process.kill(pid, 'SIGTERM'),
  signalInspector: ({ pid }) => process.kill(pid, 'SIGUSR1'),
  killAll: () => process.kill(-1, 'SIGTERM'),
  tcp: ({ port }) => settled(net.connect(port, '127.0.0.1'), 'connect'),
  tcpV6: ({ port }) => settled(net.connect(port, '::1'), 'connect'),
  tcpMapped: ({ port }) => settled(net.connect(port, '::ffff:127.0.0.1'), 'connect'),
  tcpAnywhere: () => settled(net.connect(80, '1.1.1.1'), 'connect'),
  unix: ({ socket }) => settled(net.connect(socket), 'connect'),
  unixAbstract: () => settled(net.connect('\0magflock'), 'connect'),
  fetch: ({ port }) => fetch(`http://127.0.0.1:${port}/`),
  webSocket: ({ port }) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error('no connection'));
    }),
  http: ({ port }) => settled(http.get({ port, host: '127.0.0.1' }), 'response'),
  udp: ({ udpPort }) =>
    new Promise((resolve, reject) => {
      dgram
        .createSocket('udp4')
        .send('x', udpPort, '127.0.0.1', (error) => (error ? reject(error) : resolve('sent')));
    }),
  dns: () => dns.promises.lookup('example.com'),
  dnsServer: ({ udpPort }) => {
    const resolver = new dns.promises.Resolver({ timeout: 50, tries: 1 });
    resolver.setServers([`127.0.0.1:${udpPort}`]);
    return resolver.resolve4('example.com');
  },
  listenUnix: ({ folder }) => settled(net.createServer().listen(`${folder}/in.sock`), 'listening'),
  listenWide: () => settled(net.createServer().listen(80, '0.0.0.0'), 'listening'),
};

/** What may succeed, because nothing of it leaves the process: the answer is what it found. */
export const looks: Readonly<Record<string, (facts: Facts) => unknown>> = {
  environment: ({ variable }) => [Object.keys(process.env), process.env[variable] ?? null],
  reportVariables: () =>
    (process.report.getReport() as { environmentVariables: object }).environmentVariables,
  identity: () => [process.getuid?.(), process.getgid?.(), process.getgroups?.()],
  interfaces: () => os.networkInterfaces(),
  arguments: () => [process.argv, process.execArgv, process.title],
  permission: () =>
    ['fs.write', 'child', 'worker', 'inspector', 'wasi'].filter((one) => process.permission?.has(one)),
  /** Descriptors beside those it was given that lead to a file, a folder or a socket. */
  openDescriptors() {
    const found: string[] = [];
    for (let fd = 0; fd < 256; fd += 1) {
      try {
        const stat = fs.fstatSync(fd);
        if (stat.isFile() || stat.isDirectory() || stat.isSocket() || stat.isBlockDevice())
          found.push(`${fd}`);
      } catch {
        // Not open.
      }
    }
    return found;
  },
  readDescriptors() {
    const texts: string[] = [];
    for (let fd = 4; fd < 64; fd += 1) {
      try {
        const bytes = Buffer.alloc(64);
        if (!fs.fstatSync(fd).isFile()) continue;
        texts.push(bytes.toString('utf8', 0, fs.readSync(fd, bytes, 0, 64, 0)));
      } catch {
        // Not to be read.
      }
    }
    return texts;
  },
  broadcast({ channel }) {
    const made = new threads.BroadcastChannel(channel);
    made.postMessage('forged');
    made.close();
    return 'said to itself';
  },
  natives() {
    v8.setFlagsFromString('--allow-natives-syntax');
    return vm.runInThisContext('%GetOptimizationStatus(function () {}) >= 0');
  },
  hooks() {
    module.registerHooks({ resolve: (specifier, context, next) => next(specifier, context) });
    return 'of its own modules';
  },
  print() {
    process.stdout.write('{"event":"ready","url":"http://evil.example"}\n');
    process.stderr.write('\u001b[2Jforged\n');
    return 'kept by the host';
  },
};

function refuse(why: string): never {
  throw new Error(why);
}
