/**
 * A process of its own that opens many connections (PORT COUNT), so that both ends do not share one limit of open files.
 * Sends half a record on each, says `ready`, sends the rest when told to, ends when its input ends.
 */
import { connect, type Socket } from 'node:net';

const [port, count] = process.argv.slice(2).map(Number);
const AT_ONCE = 250;
const sockets: Socket[] = [];

function dial(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port: port ?? 0, host: '127.0.0.1' }, () => resolve(socket));
    socket.once('error', reject);
  });
}

while (sockets.length < (count ?? 0)) {
  sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => dial()))));
}
for (const [index, socket] of sockets.entries()) socket.write(`<13>half of ${index}`);
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  for (const socket of sockets) socket.write(' and the rest\n');
});
process.stdin.once('end', () => process.exit(0));
