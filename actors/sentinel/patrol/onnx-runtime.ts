import { createRequire } from 'node:module';
import { NativeSection } from '../../../runtime/placement/native-section.ts';

/** onnxruntime-node, or why it cannot be had on this machine. */
export type OnnxRuntime =
  | { readonly runtime: typeof import('onnxruntime-node'); readonly problem: null }
  | { readonly runtime: null; readonly problem: string };

let loaded: Promise<OnnxRuntime> | undefined;

/** Loads the native library, once a thread: about 30 ms. Never throws. */
export function onnxRuntime(): Promise<OnnxRuntime> {
  loaded ??= NativeSection.here.run(load);
  return loaded;
}

async function load(): Promise<OnnxRuntime> {
  try {
    // Not `import()`: that leaves a rejected module behind that no later attempt gets around.
    const runtime = createRequire(import.meta.url)('onnxruntime-node') as typeof import('onnxruntime-node');
    return { runtime, problem: null };
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    return { runtime: null, problem: `onnxruntime-node does not load on ${process.platform}: ${line}` };
  }
}
