/** Compiles the `time` lists of content: the first field that holds a readable time decides. */
import type { TimeField } from '../model/content/source.ts';
import type { Fields } from '../model/event.ts';
import type { Instant } from '../model/instant.ts';
import { compilePath, textOf } from './access.ts';
import { perShape, type Shape } from './shape.ts';
import { parseTime, type TimeContext } from './time.ts';

/** With the shape of the record, if it has one, fields that it lacks are not looked for. */
export type TimeReader = (fields: Fields, context: TimeContext, shape?: Shape) => Instant | undefined;

/** Names that carry the time in records of no known source, surest first. */
const COMMON: readonly string[] = [
  'TimeCreated',
  '@timestamp',
  'timestamp',
  'eventTime',
  'EventTime',
  'TimeGenerated',
  'CreationTime',
  'createdDateTime',
  'time',
  'ts',
  'datetime',
  'date_time',
  'UtcTime',
  '_time',
  'recorded',
  'created',
  'date',
  'rt',
  'syslog.timestamp',
];

export const readCommonTime: TimeReader = compileTimes(
  COMMON.map((field) => ({ field, as: 'auto', zone: field === 'UtcTime' ? 'utc' : 'site' })),
);

export function compileTimes(times: readonly TimeField[]): TimeReader {
  const readers = times.map(compileTime);
  const ofShape = perShape((shape) =>
    readers.filter((_, index) => {
      const { field, with: second } = times[index] ?? { field: '' };
      return shape.mayHave(field) && (second === undefined || shape.mayHave(second));
    }),
  );
  return (fields, context, shape) => {
    for (const read of shape === undefined ? readers : ofShape(shape)) {
      const instant = read(fields, context);
      if (instant !== undefined) return instant;
    }
    return undefined;
  };
}

function compileTime({ field, with: second, offset, as, zone }: TimeField): TimeReader {
  const get = compilePath(field);
  if (second === undefined && offset === undefined) {
    return (fields, context) => parseTime(get(fields), as, zone, context);
  }
  const getSecond = second === undefined ? undefined : compilePath(second);
  const getOffset = offset === undefined ? undefined : compilePath(offset);
  return (fields, context) => {
    const first = textOf(get(fields));
    const rest = getSecond === undefined ? '' : textOf(getSecond(fields));
    if (first === undefined || rest === undefined) return undefined;
    const wall = rest === '' ? first : `${first} ${rest}`;
    const east = getOffset === undefined ? undefined : textOf(getOffset(fields));
    return parseTime(east === undefined ? wall : `${wall} ${east}`, as, zone, context);
  };
}
