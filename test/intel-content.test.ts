/** Our feeds and warning lists load without an issue, none of the feeds is enabled, and every warning value is used. */
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createIntel } from '../src/areas/anticipate/index.ts';
import { SHIPPED_CONTENT } from '../src/platform/content.ts';

describe('shipped intelligence content', () => {
  it('is valid, and fetches nothing by itself', async () => {
    const intel = createIntel({
      dataDirectory: `${tmpdir()}/vigie-none`,
      content: [SHIPPED_CONTENT],
      nowMillis: () => 0,
      seed: 1,
    });
    const status = await intel.status();
    expect(status.issues).toEqual([]);
    expect(status.warnings.length).toBeGreaterThanOrEqual(4);
    expect(status.feeds.length).toBeGreaterThanOrEqual(4);
    expect(status.feeds.filter((feed) => feed.enabled)).toEqual([]);
  });
});
