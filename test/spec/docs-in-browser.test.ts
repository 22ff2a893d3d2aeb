import assert from 'node:assert/strict';
import { type Browser, findBrowser, startBrowser } from '../support/browser.ts';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';

describe('the page /docs in a browser without a network', function () {
  this.timeout(120_000);
  let daemon: RunningDaemon;
  let browser: Browser;

  before(async function () {
    const program = findBrowser();
    if (program === undefined) {
      console.log('      skipped: no Chromium here (Debian: apt-get install chromium)');
      this.skip();
    }
    daemon = await startDaemon();
    await daemon.sql(`create table note (id serial primary key, title text not null, done boolean default false);
      insert into note (title) values ('milk'), ('bread');
      grant select on note to anon`);
    browser = await startBrowser(program);
  });

  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await daemon?.stop();
  });

  /** Types the key and sends the form, as a reader would. */
  const give = (key: string): Promise<unknown> =>
    browser.evaluate(`document.getElementById('key').value = ${JSON.stringify(key)};
      document.querySelector('#open button').click()`);

  /** Clicks the first element there is. */
  const click = async (selector: string): Promise<void> => {
    const found = `document.querySelector(${JSON.stringify(selector)})`;
    await browser.until(found);
    await browser.evaluate(`${found}.click()`);
  };

  for (const base of ['', '/p/main'] as const) {
    const get = '#operations-note-list_note';

    it(`${base}/docs shows the API of the project for a key, and a request sent from it is answered`, async () => {
      await browser.open(`${daemon.url}${base}/docs`);
      const asked = browser.requests.length;
      await give(daemon.secretKey);
      await click('#operations-tag-note');
      await click(`${get} .opblock-summary-control`);
      // The operation is read when it is opened; its button does nothing before.
      await browser.until(`document.querySelector('${get} [data-param-name="limit"] input')`);
      await click(`${get} .execute`);
      await browser.until(`document.querySelector(${JSON.stringify(`${get} .live-responses-table`)})`);
      const shown = await browser.evaluate<string>(
        `document.querySelector(${JSON.stringify(`${get} .live-responses-table`)}).innerText`,
      );
      assert.match(shown, /200[\s\S]*"milk"[\s\S]*"bread"/);
      assert.deepEqual(
        browser.requests.slice(asked).map((url) => url.replace(/\?.*/, '')),
        [`${daemon.url}${base}/api/openapi.json`, `${daemon.url}${base}/api/note`],
      );
    });
  }

  it('a wrong key is told with its way out', async () => {
    await browser.open(`${daemon.url}/docs`);
    await give('ak_sec_wrong');
    await browser.until(`!document.getElementById('problem').hidden`);
    const text = await browser.evaluate<string>(`document.getElementById('problem').innerText`);
    assert.match(text, /key/i);
    browser.complaints.splice(
      0,
      browser.complaints.length,
      ...browser.complaints.filter((one) => !/401/.test(one)),
    );
  });

  it('asked no other host, broke no rule of its policy, and kept the key nowhere', async () => {
    const strange = browser.requests.filter((url) => !url.startsWith(`${daemon.url}/`));
    assert.deepEqual(strange, []);
    assert.ok(browser.requests.every((url) => !url.includes('ak_')));
    assert.deepEqual(browser.complaints, []);
    const kept = await browser.evaluate<string>(
      `JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])`,
    );
    assert.equal(kept, JSON.stringify([{}, {}, '', `${daemon.url}/docs`]));
  });
});
