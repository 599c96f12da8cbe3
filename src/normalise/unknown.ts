/**
 * What is said of a record that no source recognises: who, where and what by the names most logs use, so that it can
 * still be found and counted. It binds to no Sigma log source.
 */
import type { EcsMapping } from '../model/content/source.ts';
import { compileEcs } from './ecs.ts';
import type { CompiledKind } from './source.ts';

const GENERIC: Readonly<Record<string, EcsMapping>> = {
  'host.name': {
    first: [
      'Computer',
      'hostname',
      'Hostname',
      'host.name',
      'host.hostname',
      'computer_name',
      'ComputerName',
      'host',
      'syslog.hostname',
      'device_name',
      'devname',
      'dvchost',
    ],
    as: 'host',
  },
  'user.name': {
    first: ['user.name', 'username', 'user_name', 'User', 'user', 'UserName', 'suser', 'UserId', 'account'],
    as: 'user',
  },
  'source.ip': {
    first: [
      'source.ip',
      'src_ip',
      'srcip',
      'src',
      'client_ip',
      'clientip',
      'c-ip',
      'IpAddress',
      'remote_addr',
    ],
    as: 'ip',
  },
  'destination.ip': { first: ['destination.ip', 'dst_ip', 'dstip', 'dst', 'dest_ip', 'server_ip'], as: 'ip' },
  'process.name': { first: ['process.name', 'appname', 'syslog.appname', 'program'], as: 'string' },
  'event.code': {
    first: ['event.code', 'EventID', 'event_id', 'eventid', 'DeviceEventClassID'],
    as: 'string',
  },
  'event.action': { first: ['event.action', 'action', 'eventName', 'Operation', 'Name'], as: 'string' },
  message: { first: ['message', 'msg', 'Message', '@message', 'log'], as: 'string' },
};

/** The one kind of unrecognised records. */
export const UNKNOWN: CompiledKind = createUnknown();

function createUnknown(): CompiledKind {
  const ecs = compileEcs([GENERIC], new Map());
  return {
    kind: { sourceId: 'unknown', sourceVersion: 1, bindings: [], ecsNames: ecs.names },
    ecs,
  };
}
