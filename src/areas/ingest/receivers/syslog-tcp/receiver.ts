/**
 * Syslog over TCP (RFC 6587), both framings, told message by message. The protocol has no acknowledgement: what is in
 * the network's buffers when either side dies is lost; `syslog-tls` has the same limit, HTTP shippers do not.
 */
import { z } from 'zod';
import type { ReceiverKind } from '../../../../model/live/receiver.ts';
import { listenOption, STREAM_OPTIONS } from '../shared/options.ts';
import { createStreamReceiver } from '../shared/stream-receiver.ts';

const Options = z.strictObject({ listen: listenOption('0.0.0.0:5514'), ...STREAM_OPTIONS });

export const syslogTcp: ReceiverKind<z.infer<typeof Options>> = {
  kind: 'syslog-tcp',
  options: Options,
  create: (options, deps) => createStreamReceiver({ ...options, handshakeSeconds: 10 }, deps),
};
