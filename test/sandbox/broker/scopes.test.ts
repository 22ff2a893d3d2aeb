import assert from 'node:assert/strict';
import type { CapabilityName } from '../../../runtime/protocol/extension-manifest.ts';
import { covers } from '../../../sandbox/broker/covers.ts';
import { effectivePermissions } from '../../../sandbox/broker/effective-permissions.ts';

describe('sandbox: scopes', () => {
  const rows: readonly (readonly [
    capability: CapabilityName,
    scopes: readonly string[],
    target: string,
    covered: boolean,
  ])[] = [
    ['db.read', ['*'], 'orders', true],
    ['db.read', ['orders'], 'orders', true],
    ['db.read', ['orders'], 'orders(id,total)', true],
    ['db.read', ['orders(id,total)'], 'orders(total)', true],
    ['db.read', ['orders(id, total)'], 'orders(total,id)', true],
    ['db.read', ['orders(id)', 'orders(total)'], 'orders(id,total)', true],
    ['db.read', ['orders(id)'], 'orders(id,total)', false],
    ['db.read', ['orders(id)'], 'orders', false],
    ['db.read', ['orders'], 'orders2', false],
    ['db.read', ['orders'], 'Orders', false],
    ['db.read', ['orders'], '*', false],
    ['db.read', ['orders()'], 'orders()', false],
    ['db.read', ['orders(*)'], 'orders', false],
    ['db.read', ['orders(id'], 'orders(id', false],
    ['db.write', ['orders'], 'items', false],
    ['net.fetch', ['api.test'], 'api.test', true],
    ['net.fetch', ['api.test'], 'API.test.', true],
    ['net.fetch', ['API.Test'], 'api.test:443', true],
    ['net.fetch', ['api.test'], 'api.test:80', true],
    ['net.fetch', ['api.test'], 'api.test:8443', false],
    ['net.fetch', ['api.test:443'], 'api.test', false],
    ['net.fetch', ['api.test:443'], 'api.test:80', false],
    ['net.fetch', ['*.api.test'], 'a.api.test', true],
    ['net.fetch', ['*.api.test'], 'a.b.api.test', true],
    ['net.fetch', ['*.api.test'], '*.b.api.test', true],
    ['net.fetch', ['*.api.test'], '*.api.test', true],
    ['net.fetch', ['*.api.test'], 'api.test', false],
    ['net.fetch', ['*.api.test'], 'evilapi.test', false],
    ['net.fetch', ['*.api.test:8443'], 'a.api.test:8443', true],
    ['net.fetch', ['*.api.test'], '*', false],
    ['net.fetch', ['a.api.test'], '*.api.test', false],
    ['net.fetch', ['*.*'], 'a.b', false],
    ['net.fetch', ['api.test/x'], 'api.test', false],
    ['net.fetch', ['user@api.test'], 'api.test', false],
    ['net.fetch', ['api.test:0'], 'api.test', false],
    ['net.fetch', ['api.test:99999'], 'api.test', false],
    ['net.fetch', ['bücher.test'], 'xn--bcher-kva.test', true],
    ['net.fetch', ['127.0.0.1'], '0x7f.1', true],
    ['net.fetch', ['[::1]:8080'], '[0:0::1]:8080', true],
    ['events.on', ['database.*'], 'database.row.written', true],
    ['events.on', ['database.*'], 'database', false],
    ['events.on', ['database.*'], 'databases.x', false],
    ['events.emit', ['order.paid'], 'order.paid', true],
    ['secrets.read', ['smtp'], 'smtp', true],
    ['secrets.read', ['smtp*'], 'smtp2', false],
    ['secrets.read', [], 'smtp', false],
    ['http.mount', ['/api'], '/api/x', true],
    ['http.mount', ['/api'], '/apis', false],
  ];
  for (const [capability, scopes, target, covered] of rows) {
    it(`${capability} of ${scopes.join(' and ')} ${covered ? 'covers' : 'does not cover'} ${target}`, () => {
      assert.equal(covers(capability, scopes, target), covered);
    });
  }

  const both: readonly (readonly [asked: string[], given: string[], effective: string[] | undefined])[] = [
    [['orders'], ['orders(id)'], ['orders(id)']],
    [['orders(id)'], ['*'], ['orders(id)']],
    [['orders(id,total)'], ['orders(total,note)'], ['orders(total)']],
    [['orders(id)'], ['orders(total)'], undefined],
    [['*'], ['orders'], ['orders']],
    [['orders'], ['items'], undefined],
  ];
  for (const [asked, given, effective] of both) {
    it(`asked ${asked.join()} and given ${given.join()} is ${effective?.join() ?? 'nothing'}`, () => {
      const permission = (scope: string[]) => ({ capability: 'db.read' as const, scope, reason: 'test' });
      const found = effectivePermissions([permission(asked)], [permission(given)]).get('db.read');
      assert.deepEqual(found, effective);
    });
  }
});
