/**
 * Asks the live service of this machine over its Unix socket. Who may is the file system's word (the socket belongs to
 * the account that runs the service, mode 0600); no token is sent. Nothing leaves the machine.
 */
import { request } from 'node:http';

export interface LocalRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query string. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LocalAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** Longer than any bound a query has. */
const TIMEOUT_MILLIS = 120_000;
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/**
 * @returns undefined when nobody listens there
 * @throws when the service answers too much, too late or not to the end
 */
export function askLocal(socketPath: string, asked: LocalRequest): Promise<LocalAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const { method, path, headers, body } = asked;
    const sent = request(
      { socketPath, method, path, headers: { host: 'localhost', ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES)
            sent.destroy(new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`));
          else chunks.push(chunk);
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
        response.on('error', reject);
      },
    );
    sent.setTimeout(TIMEOUT_MILLIS, () => sent.destroy(new Error('the service did not answer in time')));
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(error);
    });
    sent.end(body);
  });
}
