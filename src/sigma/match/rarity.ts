/**
 * A guess at how often an atom is seen in real logs, to choose the rarest as a rule's trigger. Only speed depends on
 * it. Lower is rarer; about the share of events in which the atom is seen, plus what looking for it costs.
 */
import type { Atom } from './necessary.ts';

/** Pieces found everywhere in Windows and Unix logs: they tell almost nothing. */
const COMMON =
  /\.exe|\.dll|\.ps1|c:\\|\\windows\\|windows|system32|syswow64|program files( \(x86\))?|\\users\\|appdata|powershell|cmd|microsoft|corporation|operating system|svchost|conhost|services|explorer|lsass|ntdll|kernel32|kernelbase|wmiprvse|wbem|rundll32|https?:\/\/|\.com|hklm|software|currentversion|(current)?controlset|system|true|false|valid|binary data|authori|nt authority|0x[0-9a-f]+|\.local|new-object|python|\/usr\/|\/bin\//g;

/** How web requests are made: most of them so. */
const USUAL = /^(get|post)$/;
const USUALLY = 0.5;
/** Fields that name the log an event is of: whatever they say, many events say the same. */
const LOG_NAMES: ReadonlySet<string | undefined> = new Set(['Provider_Name', 'Channel']);
const OF_ONE_LOG = 0.04;

/** Events this rare and rarer are all the same. */
const FLOOR = 1e-7;
const PRESENT = 1;

/** Letters beyond ASCII hardly stand in the fields that rules look at. */
const BEYOND_ASCII = /[^\0-\x7f]/;

export function rarityOf(atom: Atom): number {
  if (atom.how === 'present') return PRESENT;
  if (BEYOND_ASCII.test(atom.text)) return 1e-4;
  if (atom.how === 'exact' && USUAL.test(atom.text)) return USUALLY;
  if (atom.how === 'exact' && LOG_NAMES.has(atom.field)) return OF_ONE_LOG;
  const telling = atom.text.replace(COMMON, '').length;
  const common = (atom.text.length - telling) / 6;
  const bits = telling * 1.4 + common * 1.2 + (atom.how === 'contains' ? 0 : 1.5);
  return Math.max(FLOOR, 2 ** -bits) + scanCost(atom);
}

/** Short pieces inside a text must be looked for at every byte; long ones at every fourth. */
function scanCost(atom: Atom): number {
  if (atom.how !== 'contains') return 0;
  if (atom.text.length < 4) return 0.05;
  return atom.text.length < 7 ? 0.004 : 1e-5;
}
