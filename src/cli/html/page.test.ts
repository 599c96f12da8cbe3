/** The HTML report: nothing from a log becomes markup or code, nothing is loaded, and the page works in a browser. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../../../test/browser.ts';
import { EMPTY_SUMMARY, HOSTILE, sampleSummary } from '../../../test/sample-summary.ts';
import type { HuntSummary } from '../../model/hunt.ts';
import { renderHtml } from './index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vigie-page-'));
let browser: Browser | undefined;
const requests: string[] = [];
const errors: string[] = [];

beforeAll(async () => {
  browser = await startBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

function hostileSummary(): HuntSummary {
  const summary = sampleSummary();
  const [first, ...rest] = summary.findings;
  if (first === undefined) throw new Error('the sample has no finding');
  const rule = { ...first.rule, title: HOSTILE, titles: { en: HOSTILE, fr: HOSTILE }, description: HOSTILE };
  return { ...summary, version: '0.1.0', findings: [{ ...first, rule }, ...rest] };
}

async function open(summary: HuntSummary, name: string): Promise<Page | undefined> {
  if (browser === undefined) return undefined;
  const file = path.join(folder, `${name}.html`);
  writeFileSync(file, renderHtml(summary, { lang: 'en' }));
  const page = await browser.newPage();
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => errors.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  return page;
}

describe('the file', () => {
  const html = renderHtml(hostileSummary(), { lang: 'fr' });
  it('holds data as data', () => {
    expect(html.split('</script>')).toHaveLength(3);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u2028');
    const json = /<script type="application\/json" id="data">(.*)<\/script>/.exec(html)?.[1] ?? '';
    expect((JSON.parse(json) as HuntSummary).findings[0]?.rule.title).toBe(HOSTILE);
  });
  it('may run its own script and load nothing', () => {
    expect(html).toMatch(/default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+';/);
    expect(html).not.toMatch(/ (src|href)="(?!#)/);
    expect(html).toContain('<html lang="fr">');
  });
});

describe('the page', () => {
  it('shows hostile text as text and runs none of it', async () => {
    const page = await open(hostileSummary(), 'hostile');
    if (page === undefined) return;
    await page.locator('details.finding').first().locator('summary').click();
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('.finding .name').allTextContents()).toContainEqual(
      expect.stringContaining('</script><img src=x onerror="window.pwned=1">\\u2028\\u001b'),
    );
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    await page.close();
  });
  it('searches, sorts, filters, switches language, and is driven by keys', async () => {
    const page = await open(sampleSummary(), 'use');
    if (page === undefined) return;
    await page.keyboard.press('/');
    await page.keyboard.type('rclone');
    await expect.poll(() => page.locator('.grid tbody tr:not(.spacer)').count()).toBe(2);
    expect(await page.locator('details.finding').count()).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('details.finding').count()).toBe(8);
    await page.getByRole('button', { name: /^PC-RADIO-14, Stealing/ }).click();
    expect(await page.locator('details.finding .name').allTextContents()).toEqual(['LSASS memory dumped']);
    await page.keyboard.press('Escape');
    const chart = page.locator('svg.timeline');
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    if (box === null) throw new Error('no chart');
    await page.mouse.move(box.x + box.width * 0.55, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.62, box.y + 50);
    await page.mouse.up();
    expect(await page.locator('.chip').count()).toBe(1);
    expect(await page.locator('details.finding').count()).toBeLessThan(8);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Français' }).click();
    expect(await page.locator('h1').textContent()).toBe('Rapport de chasse');
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await page.locator('.view').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.locator('dialog[open]').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });
  it('stays quick with 20,000 events, few of them in the document', async () => {
    const one = sampleSummary().findings[0];
    const sample = one?.samples[0];
    if (one === undefined || sample === undefined) throw new Error('the sample has no finding');
    const many = Array.from({ length: 20_100 }, (_, at) => ({ ...sample, offset: at }));
    const page = await open({ ...sampleSummary(), findings: [{ ...one, samples: many }] }, 'many');
    if (page === undefined) return;
    expect(await page.locator('.grid tbody tr').count()).toBeLessThan(60);
    expect(await page.locator('#samples h2 small').textContent()).toContain('20,000');
    await page.locator('.view').evaluate((view) => view.scrollTo(0, 400_000));
    await expect.poll(() => page.locator('tr[aria-rowindex="11766"]').count()).toBe(1);
    expect(await page.locator('.rest').textContent()).toContain('100 events were left out');
    await page.close();
  });
  it('never shows a green light on nothing', async () => {
    const page = await open(EMPTY_SUMMARY, 'empty');
    if (page === undefined) return;
    expect(await page.locator('#findings').textContent()).toContain('not a proof');
    await page.close();
  });
});
