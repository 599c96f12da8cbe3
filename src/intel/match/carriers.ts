/**
 * Which fields of an event can carry what: ECS names first, the sources' own names where the kind of event has no ECS
 * field for it. A table to be read and extended; no look-up happens here.
 */

/** `name`: a host name or an address. `peer` also looks the domain of a mail address up. */
export type CarrierRole =
  | 'ip'
  | 'name'
  | 'url'
  | 'md5'
  | 'sha1'
  | 'sha256'
  | 'imphash'
  | 'hashes'
  | 'email'
  | 'peer'
  | 'text';

export const ECS_CARRIERS: Readonly<Record<string, CarrierRole>> = {
  'destination.ip': 'ip',
  'source.ip': 'ip',
  'server.ip': 'ip',
  'client.ip': 'ip',
  'destination.nat.ip': 'ip',
  'source.nat.ip': 'ip',
  'dns.resolved_ip': 'ip',
  'destination.domain': 'name',
  'destination.address': 'name',
  'source.domain': 'name',
  'source.address': 'name',
  'server.domain': 'name',
  'server.address': 'name',
  'client.domain': 'name',
  'client.address': 'name',
  'dns.question.name': 'name',
  'tls.client.server_name': 'name',
  'url.domain': 'name',
  'host.name': 'name',
  'url.full': 'url',
  'url.original': 'url',
  'http.request.referrer': 'url',
  'file.hash.md5': 'md5',
  'file.hash.sha1': 'sha1',
  'file.hash.sha256': 'sha256',
  'file.pe.imphash': 'imphash',
  'process.hash.md5': 'md5',
  'process.hash.sha1': 'sha1',
  'process.hash.sha256': 'sha256',
  'process.pe.imphash': 'imphash',
  'process.parent.hash.md5': 'md5',
  'process.parent.hash.sha1': 'sha1',
  'process.parent.hash.sha256': 'sha256',
  'process.parent.pe.imphash': 'imphash',
  'dll.hash.md5': 'md5',
  'dll.hash.sha1': 'sha1',
  'dll.hash.sha256': 'sha256',
  'dll.pe.imphash': 'imphash',
  'email.from.address': 'peer',
  'email.sender.address': 'peer',
  'email.reply_to.address': 'peer',
  'email.to.address': 'email',
  'email.cc.address': 'email',
  'email.bcc.address': 'email',
  'user.email': 'email',
};

/** Own names, with the ECS names that make them needless. */
export const OWN_CARRIERS: readonly {
  readonly name: string;
  readonly role: CarrierRole;
  readonly unless: readonly string[];
}[] = [
  { name: 'answers', role: 'text', unless: ['dns.resolved_ip'] },
  { name: 'QueryResults', role: 'text', unless: ['dns.resolved_ip'] },
  { name: 'QueryName', role: 'name', unless: ['dns.question.name'] },
  { name: 'query', role: 'name', unless: ['dns.question.name'] },
  { name: 'DestinationHostname', role: 'name', unless: ['destination.domain', 'destination.address'] },
  { name: 'DestinationIp', role: 'ip', unless: ['destination.ip'] },
  { name: 'SourceIp', role: 'ip', unless: ['source.ip'] },
  { name: 'IpAddress', role: 'ip', unless: ['source.ip'] },
  { name: 'DestAddress', role: 'ip', unless: ['destination.ip'] },
  { name: 'SourceAddress', role: 'ip', unless: ['source.ip'] },
  { name: 'src_ip', role: 'ip', unless: ['source.ip'] },
  { name: 'dest_ip', role: 'ip', unless: ['destination.ip'] },
  { name: 'dst_ip', role: 'ip', unless: ['destination.ip'] },
  { name: 'srcip', role: 'ip', unless: ['source.ip'] },
  { name: 'dstip', role: 'ip', unless: ['destination.ip'] },
  { name: 'src', role: 'name', unless: ['source.ip'] },
  { name: 'dst', role: 'name', unless: ['destination.ip'] },
  { name: 'remote_ip', role: 'ip', unless: ['source.ip'] },
  { name: 'remote_addr', role: 'ip', unless: ['source.ip'] },
  { name: 'clientip', role: 'ip', unless: ['source.ip'] },
  { name: 'server_name', role: 'name', unless: ['tls.client.server_name'] },
  { name: 'hostname', role: 'name', unless: ['url.domain', 'host.name'] },
  { name: 'url', role: 'url', unless: ['url.original', 'url.full'] },
  { name: 'Hashes', role: 'hashes', unless: ['process.hash.sha256', 'file.hash.sha256', 'dll.hash.sha256'] },
  { name: 'md5', role: 'md5', unless: ['file.hash.md5'] },
  { name: 'sha1', role: 'sha1', unless: ['file.hash.sha1'] },
  { name: 'sha256', role: 'sha256', unless: ['file.hash.sha256'] },
  { name: 'mailfrom', role: 'peer', unless: ['email.from.address'] },
  { name: 'sender', role: 'peer', unless: ['email.from.address'] },
];
