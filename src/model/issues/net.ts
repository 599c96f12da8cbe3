/** Issue texts of listening on the network: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const NET_ISSUES = {
  NET_PORT_TAKEN: {
    blame: 'config',
    en: 'cannot listen on {address}: another program already uses this port; stop it or choose another `listen`',
    fr: 'impossible d’écouter sur {address} : un autre programme utilise déjà ce port ; arrêtez-le ou changez `listen`',
  },
  NET_PORT_FORBIDDEN: {
    blame: 'config',
    en: 'cannot listen on {address}: ports below 1024 need a privilege (CAP_NET_BIND_SERVICE); give it, or listen higher and redirect',
    fr: 'impossible d’écouter sur {address} : un port sous 1024 demande un privilège (CAP_NET_BIND_SERVICE) ; donnez-le, ou écoutez plus haut et redirigez',
  },
  NET_ADDRESS_UNKNOWN: {
    blame: 'config',
    en: 'cannot listen on {address}: this machine has no such address; use one of its own, or 0.0.0.0',
    fr: 'impossible d’écouter sur {address} : cette machine n’a pas cette adresse ; utilisez l’une des siennes, ou 0.0.0.0',
  },
  NET_LISTEN: {
    blame: 'config',
    en: 'cannot listen on {address}: {reason}',
    fr: 'impossible d’écouter sur {address} : {reason}',
  },
  TLS_UNREADABLE: {
    blame: 'config',
    en: 'the TLS file cannot be read: {reason}',
    fr: 'le fichier TLS est illisible : {reason}',
  },
  TLS_CERTIFICATE: {
    blame: 'config',
    en: 'is not a PEM certificate ({reason})',
    fr: 'n’est pas un certificat PEM ({reason})',
  },
  TLS_KEY: {
    blame: 'config',
    en: 'is not a PEM private key without passphrase ({reason})',
    fr: 'n’est pas une clé privée PEM sans phrase secrète ({reason})',
  },
  TLS_KEY_MISMATCH: {
    blame: 'config',
    en: 'the private key does not belong to the certificate {certificate}',
    fr: 'la clé privée n’est pas celle du certificat {certificate}',
  },
  TLS_EXPIRED: {
    blame: 'config',
    en: 'the certificate expired on {date}: senders that check it will refuse to connect; renew it',
    fr: 'le certificat a expiré le {date} : les émetteurs qui le vérifient refuseront de se connecter ; renouvelez-le',
  },
  TLS_NOT_YET: {
    blame: 'config',
    en: 'the certificate is not valid before {date}: check it, and this machine’s clock',
    fr: 'le certificat n’est pas valable avant le {date} : vérifiez-le, et l’horloge de cette machine',
  },
} as const satisfies Record<string, IssueKind>;
