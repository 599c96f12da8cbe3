/** The door of the network: bounded TCP, TLS and UDP listeners. The only folder that opens a raw socket. */
export { type ListenAddress, parseListen } from './address.ts';
export { ListenError } from './listen-error.ts';
export {
  type Connection,
  type ConnectionHandler,
  createTcpListener,
  type Rejection,
  type TcpLimits,
  type TcpListener,
} from './tcp-listener.ts';
export type { TlsOptions } from './tls-front.ts';
export { createUdpListener, type UdpListener } from './udp-listener.ts';
