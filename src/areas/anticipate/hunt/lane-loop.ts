/** The loop of one lane's thread: takes its setup, then units one after the other, then gives its tally. */
import { parentPort } from 'node:worker_threads';
import { packRules } from '../rules/rule-pack.ts';
import { createLane, type Lane } from './lane.ts';
import type { FromLane, ToLane } from './protocol.ts';

const port = parentPort;
if (port === null) throw new Error('lane-loop.ts runs in a worker thread only');

let lane: Lane | undefined;
/** Units are read one at a time, in the order they came. */
let turn: Promise<void> = Promise.resolve();

const send = (message: FromLane): void => port.postMessage(message);

async function handle(message: ToLane): Promise<void> {
  if (message.type === 'pack') {
    send({ type: 'packed', pack: packRules(message.texts) });
    return;
  }
  if (message.type === 'setup') {
    lane = createLane(message.setup, message.lane);
    send({ type: 'ready', issues: lane.issues });
    return;
  }
  if (lane === undefined) throw new Error('a unit came before the setup');
  if (message.type === 'unit') {
    const { rows, correlation } = await lane.read(message.unit);
    send({ type: 'done', unitId: message.unit.id, rows, correlation });
  } else send({ type: 'tally', tally: lane.tally, coverage: lane.coverage() });
}

port.on('message', (message: ToLane) => {
  turn = turn.then(() => handle(message));
});
