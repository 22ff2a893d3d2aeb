import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildResult, Message, Metafile, OnResolveResult, Plugin } from 'esbuild';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { packageLimits } from './package-limits.ts';

export interface BundleOptions {
  /** Folder of the extension, absolute. */
  readonly folder: string;
  /** Path of the first module in it; default `index.ts`. */
  readonly main?: string | undefined;
  /** Puts a source map into the code, for `ext dev` and `ext test`; never in a package. */
  readonly sourcemap?: boolean;
}

export interface Bundle {
  /** One ES module without imports; its default export is the extension. */
  readonly code: string;
  /** Files it was made from, absolute: what `ext dev` watches. */
  readonly inputs: readonly string[];
  /** `index.ts:3:7: …`, what the bundler found odd. */
  readonly warnings: readonly string[];
}

const sdkName = '@magflock/sdk';
/** The SDK beside this module: sources in the repository, JavaScript in the published package. */
const sdkFolder = fileURLToPath(new URL('../../extensions/sdk/', import.meta.url));
let running = 0;

/**
 * Makes one module of an extension: its TypeScript, its npm dependencies and the SDK, without what is not used.
 * Nothing of it is run: the bundler loads no plugin of the author and no install script.
 * @throws MF660 naming file and line of what does not compile, or importing file and module of what cannot be had
 */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  const folder = resolve(options.folder);
  const main = options.main ?? 'index.ts';
  if (!existsSync(join(folder, main))) {
    throw unbundled(`${main} is not in ${folder}`, 'main in the manifest names the first module');
  }
  // Loaded with the first bundle: the daemon never needs it, and it starts a process.
  const esbuild = await import('esbuild');
  running += 1;
  let result: BuildResult<{ write: false; metafile: true }>;
  try {
    result = await esbuild.build({
      absWorkingDir: folder,
      entryPoints: [main],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'neutral',
      format: 'esm',
      target: 'es2024',
      mainFields: ['module', 'main'],
      conditions: ['magflock', 'module', 'import', 'default'],
      charset: 'utf8',
      legalComments: 'inline',
      sourcemap: options.sourcemap === true ? 'inline' : false,
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'silent',
      plugins: [sdk(), builtins()],
    });
  } catch (cause) {
    const errors = (cause as { readonly errors?: readonly Message[] }).errors ?? [];
    if (errors.length === 0) throw cause;
    throw unbundled(errors.map(sentence).join('\n'), fixFor(errors), cause);
  } finally {
    running -= 1;
    // Its process would outlive the command, or keep a daemon's memory.
    if (running === 0) await esbuild.stop();
  }
  const code = result.outputFiles[0]!.text;
  assertSelfContained(result.metafile);
  if (options.sourcemap !== true && Buffer.byteLength(code) > packageLimits.code) {
    throw unbundled(
      `the bundled code has ${Buffer.byteLength(code)} bytes; ${packageLimits.code} are allowed`,
      'leave out a dependency',
    );
  }
  return {
    code,
    inputs: Object.keys(result.metafile.inputs)
      .filter((path) => !path.includes(':'))
      .map((path) => resolve(folder, path)),
    warnings: result.warnings.map(sentence),
  };
}

/**
 * `@magflock/sdk` is the one of this MagFlock. It has a namespace of its own, with names that no extension of a file
 * is in, so that the code is the same wherever it is packed: no path of this machine gets into it, nor whether the SDK
 * was there as sources or compiled.
 */
function sdk(): Plugin {
  return {
    name: 'magflock-sdk',
    setup(build) {
      const kind = existsSync(join(sdkFolder, 'index.ts')) ? 'ts' : 'js';
      const own = (path: string): OnResolveResult => ({
        path: relative(sdkFolder, path)
          .split(sep)
          .join('/')
          .replace(/\.[jt]s$/, ''),
        namespace: sdkName,
        sideEffects: false,
      });
      build.onResolve({ filter: /^@magflock\/sdk$/ }, () => own(join(sdkFolder, 'index')));
      build.onResolve({ filter: /^\./, namespace: sdkName }, ({ path, importer }) =>
        own(resolve(sdkFolder, dirname(importer), path)),
      );
      build.onLoad({ filter: /.*/, namespace: sdkName }, async ({ path }) => ({
        contents: await readFile(join(sdkFolder, `${path}.${kind}`), 'utf8'),
        loader: kind,
        resolveDir: sdkFolder,
      }));
    },
  };
}

/** Modules of Node stay imports for now: one that nothing uses in the end goes away with tree shaking. */
function builtins(): Plugin {
  return {
    name: 'node-builtins',
    setup(build) {
      build.onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path }) =>
        path.startsWith('node:') || builtinModules.includes(path)
          ? { path, external: true, sideEffects: false }
          : undefined,
      );
    },
  };
}

function assertSelfContained({ inputs, outputs }: Metafile): void {
  const [output] = Object.values(outputs);
  const [left] = output?.imports.filter((one) => one.external === true) ?? [];
  if (left !== undefined) {
    const importers = Object.entries(inputs)
      .filter(
        ([file, { imports }]) => file in output!.inputs && imports.some(({ path }) => path === left.path),
      )
      .map(([file]) => file);
    const from = importers.length === 0 ? 'the code' : importers.join(' and ');
    throw unbundled(
      `${from} imports ${left.path}, which an extension does not have`,
      'extensions run without Node and without files of their own; use a capability of the context instead',
    );
  }
  if (output?.exports.includes('default') !== true) {
    throw unbundled(
      `${output?.entryPoint ?? 'the first module'} has no default export`,
      'export default defineExtension({…})',
    );
  }
}

function sentence({ text, location }: Message): string {
  return location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}

/** A name without a path that is not found is a dependency nobody has installed. */
function fixFor(errors: readonly Message[]): string {
  const missing = errors.flatMap(({ text }) => /^Could not resolve "([^./"][^"]*)"/.exec(text)?.[1] ?? []);
  if (missing.length === 0) return 'correct the source';
  return `npm install ${missing.join(' ')}    in the folder of the extension`;
}

function unbundled(problem: string, fix: string, cause?: unknown): MagFlockError {
  return new MagFlockError('MF660', `The extension cannot be bundled: ${problem}.`, {
    fix,
    ...(cause === undefined ? {} : { cause }),
  });
}
