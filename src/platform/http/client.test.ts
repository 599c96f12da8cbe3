/** The client against a real server on loopback: hosts, redirects, sizes, time. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient, HttpError } from './client.ts';

let server: Server;
let origin: string;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? ''}`);
    if (request.url === '/away') response.writeHead(302, { location: 'http://elsewhere.example/' }).end();
    else if (request.url === '/here') response.writeHead(302, { location: '/packed' }).end();
    else if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end();
    else if (request.url === '/slow') response.write('x');
    else if (request.url === '/packed')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a'.repeat(10_000)));
    else response.writeHead(404).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function problemOf(path: string, maxBytes = 100_000): Promise<string> {
  const client = createHttpClient({ hosts: [new URL(origin).host], timeoutSeconds: 0.3 });
  try {
    const { status, body } = await client.get(path.startsWith('/') ? origin + path : path, {
      headers: { authorization: 'Bearer s' },
      maxBytes,
    });
    return `${status} ${body.length}`;
  } catch (error) {
    return error instanceof HttpError ? error.problem : String(error);
  } finally {
    client.close();
  }
}

describe('the HTTP client', () => {
  it('asks the hosts it may, and unpacks', async () => {
    expect(await problemOf('/packed')).toBe('200 10000');
    expect(await problemOf('/none')).toBe('404 2');
    expect(await problemOf('http://elsewhere.example/')).toBe('host-not-allowed');
    expect(await problemOf('file:///etc/passwd')).toBe('host-not-allowed');
  });
  it('follows redirects on the same host only, and not for ever', async () => {
    expect(await problemOf('/here')).toBe('200 10000');
    expect(await problemOf('/away')).toBe('redirect');
    expect(await problemOf('/loop')).toBe('redirect');
  });
  it('stops at the size and the time given', async () => {
    expect(await problemOf('/packed', 9_999)).toBe('too-large');
    expect(await problemOf('/slow')).toBe('timeout');
  });
});
