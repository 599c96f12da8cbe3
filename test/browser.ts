/** Starts the Chromium that `npm ci` brings, for tests of pages; says why when this machine cannot run it. */
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/**
 * A browser, or undefined with the reason printed. The packaged flags are made for AWS Lambda: with
 * `--single-process` the browser ends with its first page, so that one is left out.
 */
export async function startBrowser(): Promise<Browser | undefined> {
  try {
    return await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: chromium.args.filter((flag) => flag !== '--single-process'),
      headless: true,
    });
  } catch (error) {
    const reason = String(error).split('\n').slice(0, 3).join(' ');
    process.stderr.write(`browser tests skipped: Chromium does not start here: ${reason}\n`);
    return undefined;
  }
}
