/** Plain text: the fallback for a line of no known format. */
import { statelessCodec } from '../text/line-codec.ts';

export const plainLines = statelessCodec(
  'text',
  () => 0.01,
  (line) => ({ format: 'text', fields: { message: line } }),
);
