/** Why an archive was not read to its end, in both languages; libraries that unpack it say it in English, with their full stops. */

/** The beginnings of sentences that people meet. */
const KNOWN: readonly (readonly [start: string, en: string, fr: string])[] = [
  [
    'End of central directory record signature not found',
    'its table of contents is missing',
    'sa table des matières manque',
  ],
  ['unexpected end of file', 'it ends too early', 'il finit trop tôt'],
  ['incorrect header check', 'its head is wrong', 'son en-tête est faux'],
  ['incorrect data check', 'its checksum does not hold', 'sa somme de contrôle est fausse'],
  ['incorrect length check', 'its length does not hold', 'sa longueur est fausse'],
  ['invalid ', 'its compressed data is wrong', 'ses données compressées sont fausses'],
  ['the last block is cut', 'the last block is cut', 'le dernier bloc est coupé'],
  ['damaged header', 'damaged header', 'en-tête abîmé'],
];

/** @example damageOf('unexpected end of file') // { reason: 'it ends too early', reasonFr: 'il finit trop tôt' } */
export function damageOf(message: string): { readonly reason: string; readonly reasonFr: string } {
  const known = KNOWN.find(([start]) => message.startsWith(start));
  const plain = message.replace(/\.$/, '');
  return known === undefined ? { reason: plain, reasonFr: plain } : { reason: known[1], reasonFr: known[2] };
}

const LIMITS_FR: Readonly<Record<string, string>> = {
  bytes: 'octets',
  depth: 'imbrication',
  'inner zip': 'zip intérieur',
  members: 'membres',
  ratio: 'taux de compression',
};

/** The parameters of a limit that was reached. */
export function limitOf(what: string, limit: number): Readonly<Record<string, string | number>> {
  return { what, whatFr: LIMITS_FR[what] ?? what, limit };
}
