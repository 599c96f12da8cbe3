/**
 * The streams of a hunt, bounded in number and, all together, in size: when they hold too many buckets, the buckets of
 * every stream become twice as wide, which makes short pauses harder to see and is said in the summary. Plain data, and
 * merging gives what one pass over everything would have given, as in the tally.
 */
import {
  createStreamTrack,
  mergeStreamTracks,
  noteEvent,
  type StreamTrack,
  widenTrack,
} from './stream-track.ts';

const MOST_STREAMS = 20_000;
/** About 150 bytes each, with the record numbers seen in it: 75 MB in each thread. */
const MOST_BUCKETS = 500_000;
/** Wider ones would say nothing of a day. */
const WIDEST_MINUTES = 2 ** 50;

export interface Streams {
  /** Host → channel → its stream. */
  readonly byHost: Map<string, Map<string, StreamTrack>>;
  count: number;
  /** Least width of every stream's buckets. */
  minutes: number;
  /** Of all streams together. */
  buckets: number;
  readonly mostBuckets: number;
  /** Events of the streams that came after the last that is kept. */
  overflow: number;
}

export function createStreams(mostBuckets = MOST_BUCKETS): Streams {
  return { byHost: new Map(), count: 0, minutes: 1, buckets: 0, mostBuckets, overflow: 0 };
}

/** What is noted of one event. */
export interface StreamEvent {
  readonly host: string;
  readonly channel: string;
  readonly epochMinute: number;
  readonly recordNumber: number | undefined;
}

export function noteInStream(streams: Streams, event: StreamEvent): void {
  const { host, channel, epochMinute, recordNumber } = event;
  let stream = streams.byHost.get(host)?.get(channel);
  if (stream === undefined) {
    if (streams.count >= MOST_STREAMS) {
      streams.overflow += 1;
      return;
    }
    stream = createStreamTrack(host, channel, streams.minutes);
    add(streams, stream);
  }
  const before = stream.speaks.counts.size;
  noteEvent(stream, epochMinute, recordNumber);
  streams.buckets += stream.speaks.counts.size - before;
  narrow(streams);
}

export function mergeStreams(into: Streams, from: Streams): void {
  widenAll(into, from.minutes);
  for (const track of listStreams(from)) adopt(into, track);
  into.overflow += from.overflow;
}

/** Takes a stream over, or what it holds when it is known. */
function adopt(into: Streams, track: StreamTrack): void {
  widenTrack(track, into.minutes);
  const known = into.byHost.get(track.host)?.get(track.channel);
  if (known === undefined && into.count >= MOST_STREAMS) {
    into.overflow += track.events;
    return;
  }
  const before = known?.speaks.counts.size ?? 0;
  if (known === undefined) add(into, track);
  else mergeStreamTracks(known, track);
  into.buckets += (known ?? track).speaks.counts.size - before;
  narrow(into);
}

export function* listStreams({ byHost }: Streams): Generator<StreamTrack> {
  for (const channels of byHost.values()) yield* channels.values();
}

/** The streams with every machine under the name that `nameOf` gives it. */
export function foldStreams(streams: Streams, nameOf: (host: string) => string): Streams {
  const folded = createStreams(streams.mostBuckets);
  folded.minutes = streams.minutes;
  folded.overflow = streams.overflow;
  for (const track of listStreams(streams)) adopt(folded, { ...track, host: nameOf(track.host) });
  return folded;
}

function add(streams: Streams, track: StreamTrack): void {
  const channels = streams.byHost.get(track.host) ?? new Map<string, StreamTrack>();
  streams.byHost.set(track.host, channels.set(track.channel, track));
  streams.count += 1;
}

/** Brings the buckets back under their limit. */
function narrow(streams: Streams): void {
  while (streams.buckets > streams.mostBuckets && streams.minutes < WIDEST_MINUTES) {
    widenAll(streams, streams.minutes * 2);
  }
}

function widenAll(streams: Streams, minutes: number): void {
  if (streams.minutes >= minutes) return;
  streams.minutes = minutes;
  streams.buckets = 0;
  for (const track of listStreams(streams)) {
    widenTrack(track, minutes);
    streams.buckets += track.speaks.counts.size;
  }
}
