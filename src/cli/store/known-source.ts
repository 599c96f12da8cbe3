/** Whether a source of this name can be: time kept for a misspelt one would be kept for nothing. */
import { contentOf, loadSourceContent } from '../../platform/content.ts';

/** Of records that no source recognised. */
const UNKNOWN = 'unknown';

export function isKnownSource(id: string, overlay: string | undefined): boolean {
  const { sources, envelopes } = loadSourceContent(contentOf(overlay)).value;
  return (
    id === UNKNOWN || sources.some((source) => source.id === id) || envelopes.some((one) => one.id === id)
  );
}
