/**
 * The parts of an embedded store's events table that are in use, in a process of its own (a process opens one store
 * only). Argument: the store's directory. Prints JSON lines.
 */
import { Session } from 'chdb';

const session = new Session(process.argv[2] ?? '');
const query = `SELECT name, toUInt32(rows) AS rows, path FROM system.parts
  WHERE database = currentDatabase() AND table = 'events' AND active ORDER BY rows DESC FORMAT JSONEachRow`;
process.stdout.write(session.query(query).toString());
session.cleanup?.();
process.exit(0);
