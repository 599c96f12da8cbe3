/** The ordinary night as the network sees it: connections, names asked for, the firewall, the portal. */
import { OUTSIDE, PEOPLE, SERVERS } from './hospital.ts';
import { combinedLine, fortigateLine, zeekLine } from './lines.ts';
import { atWork, type Night, repeat, within } from './night.ts';
import type { Chance } from './random.ts';

const SITES = [
  'intranet.ch-valombre.example',
  'sante.example',
  'mises-a-jour.example',
  'messagerie.example',
  'meteo.example',
  'dpi.ch-valombre.example',
] as const;

export function network(night: Night, at: number, busy: number): void {
  const { chance, journal } = night;
  repeat(1.5 + busy * 10, chance, () => connection(night, at, busy));
  repeat(1 + busy * 6, chance, () => {
    const moment = within(chance, at);
    const person = atWork(chance, busy);
    const values = {
      uid: uid(chance, 'D'),
      'id.orig_h': person.address,
      'id.orig_p': 30_000 + chance.below(30_000),
      'id.resp_h': '10.20.1.5',
      'id.resp_p': 53,
      proto: 'udp',
      query: chance.pick(SITES),
      qtype_name: 'A',
      rcode_name: 'NOERROR',
      answers: OUTSIDE.health,
    };
    journal.line('dns', moment, zeekLine('dns', moment, values));
  });
  repeat(busy * 7, chance, () => {
    const moment = within(chance, at);
    const pairs = {
      logid: '0000000013',
      type: 'traffic',
      subtype: 'forward',
      level: 'notice',
      vd: 'root',
      srcip: atWork(chance, busy).address,
      srcport: 30_000 + chance.below(30_000),
      dstip: chance.pick([OUTSIDE.updates, OUTSIDE.health, OUTSIDE.mail]),
      dstport: 443,
      proto: 6,
      action: 'close',
      policyid: 12,
      service: 'HTTPS',
      sentbyte: 900 + chance.below(9000),
      rcvdbyte: 2000 + chance.below(90_000),
    };
    journal.line('fortigate', moment, fortigateLine(moment, pairs));
  });
  if (chance.is(busy * 0.1)) vpn(night, at);
}

function uid(chance: Chance, lead: string): string {
  return lead + Array.from({ length: 3 }, () => chance.below(46_656).toString(36)).join('');
}

function connection(night: Night, at: number, busy: number): void {
  const { chance, journal } = night;
  const moment = within(chance, at);
  const person = atWork(chance, busy);
  const isInside = chance.is(0.7);
  const target = isInside
    ? chance.pick(SERVERS).address
    : chance.pick([OUTSIDE.updates, OUTSIDE.health, OUTSIDE.mail]);
  const sent = 400 + chance.below(20_000);
  const received = 900 + chance.below(200_000);
  const values = {
    uid: uid(chance, 'C'),
    'id.orig_h': person.address,
    'id.orig_p': 30_000 + chance.below(30_000),
    'id.resp_h': target,
    'id.resp_p': isInside ? 445 : 443,
    proto: 'tcp',
    service: isInside ? 'smb' : 'ssl',
    duration: (chance.next() * 60).toFixed(6),
    orig_bytes: sent,
    resp_bytes: received,
    conn_state: 'SF',
    local_orig: 'T',
    local_resp: isInside ? 'T' : 'F',
    missed_bytes: 0,
    history: 'ShADadFf',
    orig_pkts: 12,
    orig_ip_bytes: sent + 600,
    resp_pkts: 30,
    resp_ip_bytes: received + 1500,
  };
  journal.line('conn', moment, zeekLine('conn', moment, values));
}

/** Those on call, from home; now and then a password is mistyped. */
function vpn(night: Night, at: number): void {
  const { chance, journal } = night;
  const moment = within(chance, at);
  const person = chance.pick(PEOPLE.slice(0, 6));
  const remip = `192.0.2.${100 + PEOPLE.indexOf(person)}`;
  const common = {
    type: 'event',
    subtype: 'vpn',
    vd: 'root',
    tunneltype: 'ssl-web',
    remip,
    user: person.account,
  };
  if (chance.is(0.2)) {
    journal.line(
      'fortigate',
      moment,
      fortigateLine(moment, {
        logid: '0101039426',
        level: 'alert',
        logdesc: 'SSL VPN login fail',
        action: 'ssl-login-fail',
        reason: 'sslvpn_login_permission_denied',
        ...common,
      }),
    );
  }
  const later = moment + 20_000;
  journal.line(
    'fortigate',
    later,
    fortigateLine(later, {
      logid: '0101039947',
      level: 'information',
      logdesc: 'SSL VPN tunnel up',
      action: 'tunnel-up',
      ...common,
    }),
  );
}

const PAGES = [
  '/',
  '/rendez-vous',
  '/rendez-vous/creneaux?service=radiologie',
  '/css/site.css',
  '/resultats/connexion',
  '/contact',
  '/img/logo.png',
  '/plan-acces',
] as const;
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1',
] as const;

export function portal(night: Night, at: number, busy: number): void {
  const { chance, journal } = night;
  repeat(0.5 + busy * 5, chance, () => {
    const moment = within(chance, at);
    const address = `192.0.2.${1 + chance.below(250)}`;
    const request = {
      address,
      line: `GET ${chance.pick(PAGES)} HTTP/1.1`,
      status: chance.is(0.03) ? 404 : 200,
      bytes: 500 + chance.below(40_000),
      agent: chance.pick(AGENTS),
    };
    journal.line('portal', moment, combinedLine(moment, request));
  });
}
