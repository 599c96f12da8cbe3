import { describe, expect, it } from 'vitest';
import { startLaneThread } from './lane-thread.ts';
import { createLanes } from './lanes.ts';
import type { LaneSetup, Unit } from './protocol.ts';

async function* unitsOf(count: number): AsyncGenerator<Unit> {
  for (let id = 1; id <= count; id += 1) {
    yield { id, file: `file-${id}`, start: 0, end: 1, whole: true, detected: undefined };
  }
}

describe('lanes', () => {
  it('says every unit that no thread could read, and ends', async () => {
    // A setup no thread can start with: what is looked at is that nothing goes unsaid.
    const broken = Promise.resolve({} as LaneSetup);
    const lost: string[] = [];
    let deaths = 0;
    const lanes = createLanes([startLaneThread(), startLaneThread()], broken, {
      onReady: () => {},
      onDone: async () => {},
      onLost: (units) => {
        deaths += 1;
        lost.push(...units.map((unit) => unit.file));
      },
    });
    expect(await lanes.run(unitsOf(3))).toEqual([]);
    expect(lost.sort()).toEqual(['file-1', 'file-2', 'file-3']);
    expect(deaths).toBeGreaterThanOrEqual(2);
  });
});
