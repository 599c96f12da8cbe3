/** The invented hospital of the demo: wards, people, machines, addresses. Nobody and nothing in it exists. */

/** Outside addresses are of RFC 5737, reserved for documentation. */
export const OUTSIDE = {
  attacker: '203.0.113.77',
  webAttacker: '198.51.100.23',
  dropSite: '198.51.100.88',
  updates: '192.0.2.10',
  health: '192.0.2.40',
  mail: '192.0.2.55',
} as const;

export const DOMAIN = 'CHVAL';
const DNS_DOMAIN = 'ch-valombre.example';

export interface Person {
  readonly account: string;
  readonly ward: string;
  /** Works nights: their day begins at 20:30. */
  readonly night: boolean;
  readonly workstation: string;
  readonly address: string;
}

const WARDS = [
  'urg',
  'radio',
  'labo',
  'pharma',
  'cardio',
  'pedia',
  'rea',
  'admin',
  'chir',
  'gyneco',
] as const;
const NAMES = [
  'amartin',
  'bpetit',
  'cdubois',
  'dmoreau',
  'elaurent',
  'fsimon',
  'gmichel',
  'hlefevre',
  'iroux',
  'jfournier',
  'kgirard',
  'lbonnet',
  'mdupuis',
  'nlambert',
  'ofontaine',
  'procher',
  'qvidal',
  'rcaron',
  'sleroux',
  'tcolin',
  'ubenoit',
  'vmarchal',
  'wgautier',
  'xperrin',
  'ymorel',
  'zhubert',
  'abrun',
  'cnoel',
  'dmeyer',
  'eblanc',
  'fguerin',
  'gboyer',
  'hgarnier',
  'jchevalier',
  'kfrancois',
  'llegrand',
  'mgauthier',
  'ngarcia',
  'operrot',
  'prousset',
] as const;

/** Forty people; in the wards that never close, one in three works nights. */
export const PEOPLE: readonly Person[] = NAMES.map((account, at) => {
  const ward = WARDS[at % WARDS.length] ?? 'urg';
  const isNight = ['urg', 'rea', 'labo', 'radio'].includes(ward) && Math.floor(at / WARDS.length) % 3 === 0;
  return {
    account,
    ward,
    night: isNight,
    workstation: `PC-${ward.toUpperCase()}-${String(Math.floor(at / WARDS.length) + 11)}`,
    address: `10.20.4.${at + 20}`,
  };
});

export const SERVERS = [
  { name: 'SRV-AD-01', address: '10.20.1.5' },
  { name: 'SRV-FIC-02', address: '10.20.1.8' },
  { name: 'SRV-SAUV-01', address: '10.20.1.12' },
  { name: 'SRV-DPI-01', address: '10.20.1.20' },
  { name: 'SRV-PACS-01', address: '10.20.1.30' },
  { name: 'SRV-LABO-01', address: '10.20.1.34' },
  { name: 'SRV-PHARMA-01', address: '10.20.1.36' },
] as const;

export const SERVICE_ACCOUNTS = ['svc-sauvegarde', 'svc-dpi', 'svc-labo', 'svc-supervision'] as const;

/** Who the intruder is taken for. */
export const SUPPLIER = { account: 'prest-imagerie', vpnAddress: '10.20.60.12' } as const;
export const ADMIN = 'adm-infra';
export const PIVOT = { name: 'PC-RADIO-14', address: '10.20.4.90' } as const;

export const NAS = 'nas-01';
export const PORTAL = 'portail.ch-valombre.example';

/** A machine's full name, as Windows writes it. */
export function fqdn(name: string): string {
  return `${name}.${DNS_DOMAIN}`;
}
