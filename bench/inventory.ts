/** What enriching an event with the inventory costs: 20,000 machines, 10,000 people, names as events write them. */
import { createInventoryIndex } from '../src/areas/inventory/index.ts';
import type { InventoryItem, ItemKey } from '../src/model/live/inventory.ts';
import type { Figure } from './figure.ts';

const MACHINES = 20_000;
const PEOPLE = 10_000;
const LOOKUPS = 1_000_000;
const ROUNDS = 5;

export async function run(): Promise<readonly Figure[]> {
  const items = [
    ...Array.from({ length: MACHINES }, (_, n) => item(n, 'asset', machineKeys(n))),
    ...Array.from({ length: PEOPLE }, (_, n) => item(MACHINES + n, 'person', personKeys(n))),
  ];
  const builtMs = median(() => createInventoryIndex(items));
  const index = createInventoryIndex(items);
  // One event in three names something the inventory does not know.
  const hosts = Array.from({ length: MACHINES }, (_, n) => (n % 3 === 0 ? `UNKNOWN-${n}` : `PC-${n}`));
  const users = Array.from({ length: PEOPLE }, (_, n) => `CHU\\user${n}`);
  let found = 0;
  const lookedUpMs = median(() => {
    for (let n = 0; n < LOOKUPS; n += 2) {
      if (index.host(hosts[n % MACHINES] ?? '') !== undefined) found += 1;
      if (index.user(users[n % PEOPLE] ?? '') !== undefined) found += 1;
    }
  });
  if (found === 0) throw new Error('nothing was found');
  return [
    { name: 'building the index of 30,000 items', value: builtMs, unit: 'ms' },
    { name: 'one look-up by host or user', value: (lookedUpMs / LOOKUPS) * 1e6, unit: 'ns' },
  ];
}

function item(n: number, type: 'asset' | 'person', keys: readonly ItemKey[]): InventoryItem {
  const rest = { kind: undefined, criticality: undefined, ward: undefined, owner: undefined, details: {} };
  return { id: `i${n}`, type, name: `n${n}`, ...rest, isPrivileged: undefined, isEnabled: undefined, keys };
}

function machineKeys(n: number): ItemKey[] {
  return [
    { kind: 'fqdn', value: `pc-${n}.chu.example` },
    { kind: 'address', value: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}` },
  ];
}

function personKeys(n: number): ItemKey[] {
  return [
    { kind: 'sid', value: `S-1-5-21-1-2-3-${n}` },
    { kind: 'upn', value: `user${n}@chu.example` },
  ];
}

function median(work: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const startMs = performance.now();
    work();
    return performance.now() - startMs;
  });
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}
