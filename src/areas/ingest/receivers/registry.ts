/** Every receiver that takes records without HTTP. Adding one: a folder and a line here. */
import type { ReceiverKind } from '../../../model/live/receiver.ts';
import { files } from './files/receiver.ts';
import { kafka } from './kafka/receiver.ts';
import { syslogTcp } from './syslog-tcp/receiver.ts';
import { syslogTls } from './syslog-tls/receiver.ts';
import { syslogUdp } from './syslog-udp/receiver.ts';

export const RECEIVER_KINDS: readonly ReceiverKind[] = [syslogUdp, syslogTcp, syslogTls, files, kafka];
