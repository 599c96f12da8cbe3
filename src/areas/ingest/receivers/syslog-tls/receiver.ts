/**
 * Syslog over TLS (RFC 5425): TLS 1.2 at least, client certificates when asked for (their name becomes the sender's
 * identity), certificates read again when they change. Lines are taken as well as counted messages, since many senders
 * frame by lines over TLS too.
 */
import { z } from 'zod';
import type { ReceiverDeps, ReceiverKind } from '../../../../model/live/receiver.ts';
import { listenOption, STREAM_OPTIONS } from '../shared/options.ts';
import { createStreamReceiver } from '../shared/stream-receiver.ts';

const Options = z
  .strictObject({
    listen: listenOption('0.0.0.0:6514'),
    ...STREAM_OPTIONS,
    handshakeSeconds: z.int().min(1).max(120).default(10),
    /** PEM file: the server's certificate, then the intermediate ones. */
    certificate: z.string().min(1),
    /** PEM file: its private key. */
    key: z.string().min(1),
    /** PEM file: the authorities that may sign senders' certificates. */
    clientCa: z.string().min(1).optional(),
    clientCertificate: z.enum(['none', 'optional', 'required']).default('none'),
    /** Names let in, of those vouched for. */
    permittedNames: z.array(z.string().min(1)).min(1).optional(),
    reloadSeconds: z.int().min(1).max(86_400).default(30),
  })
  .refine((options) => options.clientCertificate === 'none' || options.clientCa !== undefined, {
    message: 'clientCertificate needs clientCa: the authorities that sign them',
    path: ['clientCa'],
  })
  .refine((options) => options.permittedNames === undefined || options.clientCertificate === 'required', {
    message: 'permittedNames needs clientCertificate: required',
    path: ['permittedNames'],
  });

type Options = z.infer<typeof Options>;

export const syslogTls: ReceiverKind<Options> = { kind: 'syslog-tls', options: Options, create };

function create(options: Options, deps: ReceiverDeps) {
  const { certificate, key, clientCa, clientCertificate, permittedNames } = options;
  return createStreamReceiver(
    {
      ...options,
      tls: {
        certificate,
        key,
        clientCa,
        clientCertificate,
        permittedNames,
        reloadMillis: options.reloadSeconds * 1000,
        onIssue: (issue) =>
          deps.log.error('TLS certificate', {
            code: issue.code,
            path: issue.place.path,
            ...issue.params,
          }),
        onReload: () => deps.log.info('TLS certificate changed', { path: certificate }),
      },
    },
    deps,
  );
}
