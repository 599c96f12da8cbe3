/**
 * The language of `content/sources/<id>/source.yml` and `content/envelopes/<id>.yml`: how a log source is recognised
 * and mapped to ECS, as data. The interpreter is `normalise/`; the manual is `docs/guides/add-a-source.md`.
 * Unknown keys are refused: a misspelt key must not be silence.
 */
import { z } from 'zod';
import { FORMATS } from '../event.ts';

const Id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');
const Titles = z.strictObject({ en: z.string().min(1), fr: z.string().min(1) });
const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const OneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)]);

/**
 * Field (the source's own name) → the value it must have, or one of several. Strings compare without case; a number
 * equals its digits (`302013` and `'302013'`).
 */
const Where = z.record(z.string(), OneOrMore(Scalar));

const Tests = {
  where: Where.optional(),
  /** Fields that must be present. */
  has: z.array(z.string()).min(1).optional(),
  /** Fields that must be absent. */
  lacks: z.array(z.string()).min(1).optional(),
  /** Field → text the value must start with, or one of several; without case. */
  starts: z.record(z.string(), OneOrMore(z.string())).optional(),
  /** Field → text the value must contain, or one of several; without case. */
  contains: z.record(z.string(), OneOrMore(z.string())).optional(),
};

/** All parts given must hold. */
export const Recognition = z.strictObject({ format: OneOrMore(z.enum(FORMATS)).optional(), ...Tests });
export type Recognition = z.infer<typeof Recognition>;

/**
 * How an ECS field gets its value. A plain string names an own field. `first` takes the first present and non-empty
 * (`-` counts as empty); `table` translates; `as` converts; `template` joins own fields: `"{domain}\\{user}"` (no
 * value when one of them is empty); `key` picks one value of a `SHA1=…,MD5=…` list. A value that `as` cannot convert
 * is left out. `numbered: a` joins `a0`, `a1`, `a2`… with blanks (the arguments of an auditd EXECVE record); `as: join`
 * does so with a list. `url-host`, `url-path` and `url-query` take a part of a URL (absolute, `host:port`, or path
 * only); `extension` the lower-case extension of its path's last segment; `json` the compact JSON text of an object or a
 * list (text stays as it is), for rules that look for words inside a structure.
 *
 * `of` reads in an object inside the record instead of the record: the first element of that list (an object alone is a
 * list of one) for which `where` holds; `field`, `first` and `template` are then names inside it. None: no value.
 */
export const EcsMapping = z.union([
  z.string(),
  z.strictObject({
    of: z.string().optional(),
    /** Only with `of`; default: any element. */
    where: Where.optional(),
    field: z.string().optional(),
    first: z.array(z.string()).min(1).optional(),
    value: z.union([Scalar, z.array(z.string())]).optional(),
    template: z.string().optional(),
    numbered: z.string().optional(),
    table: z.record(z.string(), Scalar).optional(),
    default: Scalar.optional(),
    /** The value's part after `key=` (any case), up to the line's end, or in text of one line a comma or semicolon. */
    key: z.string().optional(),
    as: z
      .enum([
        'string',
        'lower',
        'long',
        'double',
        'boolean',
        'ip',
        'hex',
        'basename',
        'user',
        'domain',
        'host',
        'list',
        'join',
        'url-host',
        'url-path',
        'url-query',
        'extension',
        'json',
      ])
      .optional(),
  }),
]);
export type EcsMapping = z.infer<typeof EcsMapping>;

/** A Sigma logsource under which events of this source (or variant) are seen, and names that differ. */
export const Binding = z.strictObject({
  product: z.string().optional(),
  category: z.string().optional(),
  service: z.string().optional(),
  /** Sigma's field name → own name. */
  rename: z.record(z.string(), z.string()).optional(),
});
export type Binding = z.infer<typeof Binding>;

/**
 * A line template: literal text with captures. `<name>` takes up to the next literal text, `<name:word>` no blanks,
 * `<name:int>`, `<name:ip>`, `<name:quoted>` (quotes removed), `<name:rest>` to the end; `<*>` skips; `<?text>` is
 * optional literal text; `<<` is a literal `<`. Anchored at both ends. No regular expressions. A blank in the template
 * stands for one or more blanks in the text. When what follows a capture does not fit at the first occurrence of its
 * closing literal, the next one is tried. The first pattern that fits wins; extractions run in order, each seeing what
 * the earlier ones set.
 */
export const Extraction = z.strictObject({
  /** Own field to read; of several, the first that is present. */
  from: OneOrMore(z.string()),
  /** Tried only when this holds (fields that earlier extractions set included). */
  when: Where.optional(),
  /** `kv` parses key=value pairs, `json` an embedded document, `csv` separated values, instead of templates. */
  parse: z.enum(['kv', 'json', 'csv']).optional(),
  /** For `csv`: the own name of each column; `''` skips one. Columns past the end, and empty values, set nothing. */
  columns: z.array(z.string()).min(1).optional(),
  /** For `csv`: default `,`. Double quotes hold separators; doubled quotes are a quote. */
  separator: z.string().length(1).optional(),
  /** Own name under which `parse` puts what it found; default: at the top. */
  into: z.string().optional(),
  patterns: z
    .array(z.strictObject({ match: z.string(), set: z.record(z.string(), Scalar).optional() }))
    .optional(),
});
export type Extraction = z.infer<typeof Extraction>;

export const TimeField = z.strictObject({
  field: z.string(),
  /** Second field appended with a blank (W3C: date + time). */
  with: z.string().optional(),
  /** Field that holds the zone as `+0100`, `+01:00` or `Z`, where it stands apart (FortiGate `tz`). */
  offset: z.string().optional(),
  /**
   * `auto` tells these by their shape: ISO 8601 (`T` or a blank, comma or point before the fraction), `2026/11/24
   * 07:12:33`, `24-Nov-2026 07:12:33.123`, `Tue Nov 24 07:12:33.123456 2026`, `Nov 24 2026 07:12:33`, clf, rfc3164,
   * and epochs of 10 (seconds, with fraction), 13, 16 or 19 digits.
   */
  as: z
    .enum([
      'auto',
      'iso8601',
      'epoch-seconds',
      'epoch-millis',
      'epoch-micros',
      'epoch-nanos',
      'filetime',
      'rfc3164',
      'clf',
      'us-slashes',
    ])
    .default('auto'),
  /** What to assume when the record writes no zone: UTC, or the site's zone; `written`: not to be used then. */
  zone: z.enum(['utc', 'site', 'written']).default('site'),
});
export type TimeField = z.infer<typeof TimeField>;

/** `when` and the other tests must all hold; they see extracted fields too. */
export const Variant = z.strictObject({
  when: Where.optional(),
  has: Tests.has,
  lacks: Tests.lacks,
  starts: Tests.starts,
  contains: Tests.contains,
  logsources: z.array(Binding).optional(),
  ecs: z.record(z.string(), EcsMapping).optional(),
});
export type Variant = z.infer<typeof Variant>;

export const Source = z.strictObject({
  id: Id,
  version: z.int().min(1),
  title: Titles,
  /** Where the format is specified. */
  reference: z.string().optional(),
  /** Id of a source whose `time`, `own` and `ecs` hold here too, after this source's own. */
  base: Id.optional(),
  /** Any of these. */
  recognise: z.array(Recognition).min(1),
  /** Higher goes first when several sources recognise a record; default 0. */
  priority: z.int().optional(),
  extract: z.array(Extraction).optional(),
  /**
   * Own names filled from others, after the extractions and in order, where the record has none of that name: a shipper
   * dropped or renamed it, or Sigma speaks it (`CommandLine` from the arguments, `c-uri-extension` from the URL).
   */
  own: z.record(z.string(), EcsMapping).optional(),
  time: z.array(TimeField).optional(),
  logsources: z.array(Binding).default([]),
  ecs: z.record(z.string(), EcsMapping).default({}),
  /** Every variant whose `when` holds is applied, in order; later ones win. */
  variants: z.array(Variant).default([]),
});
export type Source = z.infer<typeof Source>;

/** How a shipper wraps the record of a source: taken off before sources are asked. */
export const Envelope = z.strictObject({
  id: Id,
  version: z.int().min(1),
  title: Titles,
  reference: z.string().optional(),
  recognise: z.array(Recognition).min(1),
  priority: z.int().optional(),
  /**
   * Objects whose members become own names, in this order. `''` is the record itself: what remains of it. A name
   * already taken gets the prefix `clash` (default: the last word of the path and `_`). What no lift names stays
   * where it is: `''` is added at the end when it is not listed. A path ending with `.*` lifts the members of every
   * object found there (`Event.UserData.*`).
   */
  lift: z
    .array(z.union([z.string(), z.strictObject({ path: z.string(), clash: z.string().min(1) })]))
    .default([]),
  /** Own name ← path in the envelope, before anything is lifted. First present path wins; it is moved, not copied. */
  rename: z.record(z.string(), OneOrMore(z.string())).default({}),
  /**
   * Lists of name and value objects, unfolded: `[{Name: a, Value: b}]` becomes `a: b`. The path is an own name; `name`
   * and `value` may be dotted. Text that is the XML of Windows event data (`<Data Name="a">b</Data>`) is unfolded, too.
   */
  pairs: z
    .array(
      z.strictObject({ path: z.string(), name: z.string(), value: z.string(), clash: z.string().min(1) }),
    )
    .default([]),
  /** Path of a carried raw line, to be decoded again (filebeat `message`, docker `log`, journald `MESSAGE`). */
  carries: z.string().optional(),
  /** The format that sources see once the envelope is off (journald JSON gives the names of `syslog-5424`). */
  format: z.enum(FORMATS).optional(),
  time: z.array(TimeField).optional(),
});
export type Envelope = z.infer<typeof Envelope>;

/** `content/sources/<id>/cases.yml`: sample records with the event they must become. */
export const SourceCase = z.strictObject({
  name: z.string(),
  /** Exactly one of: a raw line (or lines, for headers), or the decoded record as fields. */
  line: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
  format: z.enum(FORMATS).optional(),
  expect: z.strictObject({
    source: z.string().optional(),
    time: z.string().optional(),
    assumed: z.array(z.enum(['year', 'zone', 'date'])).optional(),
    /** Each must be among the event's bindings; parts not given are not looked at. */
    logsources: z.array(Binding.omit({ rename: true })).optional(),
    /** Must be there with this value; `null` means must be absent. */
    ecs: z.record(z.string(), z.union([Scalar, z.array(z.string()), z.null()])).optional(),
    fields: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type SourceCase = z.infer<typeof SourceCase>;
export const SourceCases = z.array(SourceCase).min(1);
