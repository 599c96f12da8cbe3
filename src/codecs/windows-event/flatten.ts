/**
 * Lays the element tree of a Windows event out as flat fields under their own names (docs/guides/record-fields.md).
 * The names depend on the tree's shape only, never on its values: that is what lets EVTX flatten a template once and
 * reuse the layout for every record (`evtx/plan.ts`).
 *
 * - `System`: an attribute is `Element_Attribute`, except that `Qualifiers` and `TimeCreated` stand alone.
 * - `EventData`, `UserData`, `ProcessingErrorData` and whatever else stands below `Event`: every `Data` with a name
 *   under that name, unnamed ones as `Data`, every leaf under its own name, attributes of those as `Leaf_Attribute`.
 *   A name that `System` owns becomes `EventData_<name>`. `<EventData Name="…">` is `EventData_Name`.
 * - `RenderingInfo`: `Message` as such, the rest as `RenderingInfo_<name>`.
 * - A name that occurs several times holds the list of its values.
 */
import type { EventElement } from './element.ts';

/** How values behave; concrete for records, symbolic for templates. */
export interface ValueOps<V> {
  /** True for an attribute that is not there (a null slot). Its name stays taken. */
  isAbsent(value: V): boolean;
  /** Called for a value of an attribute, or of `System`: it is left out when it turns out null, and never a list. */
  fromAttribute(value: V): V;
  /** One value of the pieces of text of one element. */
  join(pieces: readonly V[]): V;
  /** A value used as a field's name; undefined when it is empty or no text. */
  nameOf(value: V): string | undefined;
}

const SYSTEM_NAMES: readonly string[] = [
  'Provider_Name',
  'Provider_Guid',
  'Provider_EventSourceName',
  'EventID',
  'Qualifiers',
  'Version',
  'Level',
  'Task',
  'Opcode',
  'Keywords',
  'TimeCreated',
  'EventRecordID',
  'Correlation_ActivityID',
  'Correlation_RelatedActivityID',
  'Execution_ProcessID',
  'Execution_ThreadID',
  'Channel',
  'Computer',
  'Security_UserID',
];

/** The names of `System` that hold numbers; event XML writes them as text. */
export const SYSTEM_NUMBERS: ReadonlySet<string> = new Set([
  'EventID',
  'Qualifiers',
  'Version',
  'Level',
  'Task',
  'Opcode',
  'EventRecordID',
  'Execution_ProcessID',
  'Execution_ThreadID',
]);

const MOST_DEPTH = 256;

export interface FlatEvent<V> {
  /** Name → its values, in the order they were met. */
  readonly fields: Map<string, V[]>;
}

export function flattenEvent<V>(root: EventElement<V>, ops: ValueOps<V>): FlatEvent<V> {
  const sink: Sink<V> = { fields: new Map(), taken: new Set(SYSTEM_NAMES), ops };
  for (const section of root.name === 'Event' ? root.children : [root]) {
    if (section.name === 'System') addSystem(sink, section);
  }
  for (const section of root.name === 'Event' ? root.children : [root]) {
    if (section.name !== 'System') addSection(sink, section);
  }
  return { fields: sink.fields };
}

interface Sink<V> {
  readonly fields: Map<string, V[]>;
  readonly taken: Set<string>;
  readonly ops: ValueOps<V>;
}

function push<V>(sink: Sink<V>, name: string, value: V): void {
  const known = sink.fields.get(name);
  if (known === undefined) sink.fields.set(name, [value]);
  else known.push(value);
}

function pushPresent<V>(sink: Sink<V>, name: string, value: V): void {
  const own = sink.ops.fromAttribute(value);
  if (!sink.ops.isAbsent(own)) push(sink, name, own);
}

function addSystem<V>(sink: Sink<V>, system: EventElement<V>): void {
  for (const element of system.children) {
    // An empty element of `System` says nothing, as an attribute that is not there.
    pushPresent(sink, element.name, sink.ops.join(element.text));
    sink.taken.add(element.name);
    for (const [name, value] of element.attributes) {
      const own = systemName(element.name, name);
      pushPresent(sink, own, value);
      sink.taken.add(own);
    }
  }
}

function systemName(element: string, attribute: string): string {
  if (attribute === 'Qualifiers') return 'Qualifiers';
  if (attribute === 'SystemTime') return 'TimeCreated';
  return `${element}_${attribute}`;
}

function addSection<V>(sink: Sink<V>, section: EventElement<V>): void {
  if (section.name === 'RenderingInfo') {
    addRendering(sink, section);
    return;
  }
  for (const [name, value] of section.attributes) addAttribute(sink, section.name, name, value);
  if (section.children.length === 0 && section.name !== 'EventData' && section.name !== 'UserData') {
    push(sink, ownName(sink, section.name), sink.ops.join(section.text));
    return;
  }
  for (const child of section.children) addLeaves(sink, child, 0);
}

function addLeaves<V>(sink: Sink<V>, element: EventElement<V>, depth: number): void {
  if (element.name === 'Data' && element.children.length === 0 && addData(sink, element)) return;
  for (const [name, value] of element.attributes) addAttribute(sink, element.name, name, value);
  if (element.children.length > 0) {
    if (depth < MOST_DEPTH) for (const child of element.children) addLeaves(sink, child, depth + 1);
    return;
  }
  // An element that says everything in its attributes has no empty value of its own.
  if (element.text.length === 0 && element.attributes.length > 0) return;
  push(sink, ownName(sink, element.name), sink.ops.join(element.text));
}

/** `<Data Name="x">`, or `<Data>`; false for a `Data` with other attributes, which is an ordinary leaf. */
function addData<V>(sink: Sink<V>, element: EventElement<V>): boolean {
  const named = element.attributes.find(([name]) => name === 'Name');
  if (named === undefined) {
    if (element.attributes.length > 0) return false;
    push(sink, ownName(sink, 'Data'), sink.ops.join(element.text));
    return true;
  }
  const own = sink.ops.nameOf(named[1]) ?? 'Data';
  push(sink, ownName(sink, own), sink.ops.join(element.text));
  for (const [other, value] of element.attributes) {
    if (other !== 'Name') addAttribute(sink, own, other, value);
  }
  return true;
}

function addAttribute<V>(sink: Sink<V>, element: string, name: string, value: V): void {
  pushPresent(sink, ownName(sink, `${element}_${name}`), value);
}

function ownName<V>(sink: Sink<V>, name: string): string {
  return sink.taken.has(name) ? `EventData_${name}` : name;
}

function addRendering<V>(sink: Sink<V>, section: EventElement<V>): void {
  for (const child of section.children) {
    if (child.name === 'Message' && !sink.fields.has('Message')) {
      push(sink, 'Message', sink.ops.join(child.text));
    } else if (child.children.length > 0) {
      for (const item of child.children) push(sink, `RenderingInfo_${item.name}`, sink.ops.join(item.text));
    } else {
      push(sink, `RenderingInfo_${child.name}`, sink.ops.join(child.text));
    }
  }
}
