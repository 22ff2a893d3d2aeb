import type { OpenedPackage } from './opened-package.ts';
import { codeFindings } from './scan/code-findings.ts';
import { fileFindings } from './scan/file-findings.ts';
import type { Finding } from './scan/finding.ts';
import { manifestFindings } from './scan/manifest-findings.ts';

const perRule = 10;
const order: readonly Finding['severity'][] = ['danger', 'warning', 'info'];

/**
 * What a careful reader would notice in a package, the gravest first. It decides nothing: cages and the broker hold
 * whatever it overlooks.
 * @returns at most ten findings of a rule in a file; the last of them says how many there were
 */
export function scanPackage({
  manifest,
  code,
  files,
}: Pick<OpenedPackage, 'manifest' | 'code' | 'files'>): readonly Finding[] {
  const kept = new Map<string, { readonly findings: Finding[]; more: number }>();
  const seen = new Set<string>();
  for (const finding of all()) {
    const once = JSON.stringify(finding);
    if (seen.has(once)) continue;
    const key = `${finding.severity} ${finding.rule} ${finding.file}`;
    const group = kept.get(key) ?? { findings: [], more: 0 };
    kept.set(key, group);
    if (group.findings.length === perRule) {
      group.more += 1;
      continue;
    }
    seen.add(once);
    group.findings.push(finding);
  }
  return [...kept.values()]
    .flatMap(({ findings, more }) =>
      findings.map((one, index) =>
        more > 0 && index === perRule - 1
          ? { ...one, message: `${one.message} (and ${more} more like it)` }
          : one,
      ),
    )
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));

  function* all(): Generator<Finding> {
    yield* manifestFindings(manifest);
    yield* codeFindings(code, manifest);
    yield* fileFindings(files, manifest);
  }
}
