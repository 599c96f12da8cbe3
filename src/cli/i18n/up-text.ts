/** Texts of `vigie up` and `vigie config`, in both languages. */
import { agreeing, counted } from '../../model/counted.ts';
import type { Bilingual } from '../../model/lang.ts';

const en = {
  description: 'Take in logs as they arrive, keep them, and detect in them',
  config: 'configuration file (YAML; default: $VIGIE_CONFIG, else built-in defaults)',
  listen: 'address the default receivers and HTTP listen on (default: 127.0.0.1)',
  roles: 'comma-separated: ingest, anticipate, console (default: all)',
  rules: 'more Sigma rules: directories, files or archives',
  check: 'check the configuration, start nothing',
  after: `
Examples:
  vigie up                                     on this machine only
  vigie up --listen 0.0.0.0 --data /var/lib/vigie
  vigie config example > vigie.yml && vigie up --config vigie.yml
  logger -n 127.0.0.1 -P 5514 -T "hello"       a first line

Signals: SIGTERM or Ctrl-C stores what was taken and stops; a second one does not wait; SIGHUP loads content again.
Exit codes: 0 stopped as asked · 2 wrong configuration · 70 could not start or go on · 130 a second signal
`,
  configDescription: 'Look after the configuration of `vigie up`',
  exampleDescription: 'Print a configuration file to start from',
  configurationHolds: (receivers: number, data: string) =>
    `The configuration holds: ${counted.en(receivers, 'receiver')}, data in ${data}.`,
  cannotStart: (reason: string) => `cannot start: ${reason}`,
  runsAlready: (directory: string, pid: number) =>
    `a service runs on ${directory} already (process ${pid}): stop it first, or give another directory with --data`,
  ready: (seconds: number) => `Vigie is up (${seconds.toFixed(1)} s).`,
  dataIn: (directory: string) => `Data        ${directory}`,
  rolesAre: (roles: string) => `Roles       ${roles}`,
  content: (rules: number, sources: number) =>
    `Content     ${counted.en(rules, 'rule')}, ${counted.en(sources, 'kind of logs', 'kinds of logs')}`,
  contentAwaited: 'Content     being read; what comes in meanwhile is kept and matched after',
  contentAfter: (seconds: number) => `(read after ${seconds.toFixed(1)} s)`,
  firstLine: (host: string, port: string) =>
    `First line  logger -n ${host} -P ${port} -T "hello from $(hostname)"`,
  firstToken: (token: string) => `Token       ${token}   (shown this once; every right: keep it safe)`,
  more: (count: number) =>
    `${count} more of such; \`vigie rules check\` lists ${agreeing.en(count, 'it', 'them')}`,
  stopping: 'Stopping: what was taken is being stored.',
  stopped: 'Stopped; everything taken is stored.',
  stoppedEarly:
    'Stopped at the deadline; what is not stored yet is in the spool and comes first at the next start.',
};

const fr: typeof en = {
  description: 'Recevoir les journaux au fil de l’eau, les conserver, et y détecter',
  config: 'fichier de configuration (YAML ; par défaut $VIGIE_CONFIG, sinon les réglages intégrés)',
  listen: 'adresse d’écoute des récepteurs par défaut et de HTTP (par défaut 127.0.0.1)',
  roles: 'séparés par des virgules : ingest, anticipate, console (par défaut tous)',
  rules: 'autres règles Sigma : dossiers, fichiers ou archives',
  check: 'vérifier la configuration sans rien démarrer',
  after: `
Exemples :
  vigie up                                     sur cette machine seulement
  vigie up --listen 0.0.0.0 --data /var/lib/vigie
  vigie config example > vigie.yml && vigie up --config vigie.yml
  logger -n 127.0.0.1 -P 5514 -T "bonjour"     une première ligne

Signaux : SIGTERM ou Ctrl-C range ce qui a été reçu puis arrête ; un second n’attend pas ; SIGHUP recharge le contenu.
Codes de sortie : 0 arrêté à la demande · 2 configuration fausse · 70 n’a pu démarrer ou continuer · 130 second signal
`,
  configDescription: 'Entretenir la configuration de `vigie up`',
  exampleDescription: 'Afficher un fichier de configuration pour commencer',
  configurationHolds: (receivers, data) =>
    `La configuration est bonne : ${counted.fr(receivers, 'récepteur')}, données dans ${data}.`,
  cannotStart: (reason) => `démarrage impossible : ${reason}`,
  runsAlready: (directory, pid) =>
    `un service tourne déjà sur ${directory} (processus ${pid}) : arrêtez-le d’abord, ou donnez un autre dossier avec --data`,
  ready: (seconds) => `Vigie est en service (${seconds.toFixed(1).replace('.', ',')} s).`,
  dataIn: (directory) => `Données     ${directory}`,
  rolesAre: (roles) => `Rôles       ${roles}`,
  content: (rules, sources) =>
    `Contenu     ${counted.fr(rules, 'règle')}, ${counted.fr(sources, 'sorte de journaux', 'sortes de journaux')}`,
  contentAwaited: 'Contenu     en cours de lecture ; ce qui arrive d’ici là est conservé et analysé ensuite',
  contentAfter: (seconds) => `(lu au bout de ${seconds.toFixed(1).replace('.', ',')} s)`,
  firstLine: (host, port) => `1re ligne   logger -n ${host} -P ${port} -T "bonjour de $(hostname)"`,
  firstToken: (token) =>
    `Jeton       ${token}   (montré cette seule fois ; tous les droits : à garder en lieu sûr)`,
  more: (count) =>
    `${counted.fr(count, 'autre')} du même genre ; \`vigie rules check\` ${agreeing.fr(count, 'l’énumère', 'les énumère')}`,
  stopping: 'Arrêt : ce qui a été reçu est en cours de rangement.',
  stopped: 'Arrêté ; tout ce qui a été reçu est rangé.',
  stoppedEarly:
    'Arrêté à l’échéance ; ce qui n’est pas encore rangé est dans la file d’attente et viendra en premier au prochain démarrage.',
};

export const UP_TEXT = { en, fr } as const;

export const EXAMPLE_CONFIG: Bilingual = {
  en: `# vigie up --config vigie.yml
# Everything is optional; what stands commented out is the default or an example.

# data: /var/lib/vigie           # events, spool, settings: the disk must be durable
# rules: [/opt/sigma/rules]      # more Sigma rules beside ours
# content: /etc/vigie/content    # the site's own sources and rules, same shape as content/
# zone: Europe/Paris             # for logs that write no time zone
# workers: 1                     # threads that read and match

receivers:
  - id: syslog-tcp
    kind: syslog-tcp
    listen: 0.0.0.0:5514
  - id: syslog-udp
    kind: syslog-udp
    listen: 0.0.0.0:5514

http:
  listen: 127.0.0.1:8686         # API, and the HTTP ways in (_bulk, HEC, OTLP, NDJSON)
  # certificate: /etc/vigie/tls/cert.pem
  # key: /etc/vigie/tls/key.pem

spool:
  max_gib: 20                    # beyond, senders are held back; UDP is lost, and counted
  reserve_gib: 1                 # free disk that stays to others

# event_store:
#   url: http://clickhouse.example:8123
#   user: vigie
#   password_file: /etc/vigie/clickhouse-password
# database_url: postgres://…     # better in VIGIE_DATABASE_URL
# stop_seconds: 30
# log_level: info
`,
  fr: `# vigie up --config vigie.yml
# Tout est facultatif ; ce qui est en commentaire est la valeur par défaut ou un exemple.

# data: /var/lib/vigie           # évènements, file d'attente, réglages : le disque doit être sûr
# rules: [/opt/sigma/rules]      # d'autres règles Sigma à côté des nôtres
# content: /etc/vigie/content    # sources et règles du site, de même forme que content/
# zone: Europe/Paris             # pour les journaux sans fuseau horaire
# workers: 1                     # fils qui lisent et détectent

receivers:
  - id: syslog-tcp
    kind: syslog-tcp
    listen: 0.0.0.0:5514
  - id: syslog-udp
    kind: syslog-udp
    listen: 0.0.0.0:5514

http:
  listen: 127.0.0.1:8686         # API, et les entrées HTTP (_bulk, HEC, OTLP, NDJSON)
  # certificate: /etc/vigie/tls/cert.pem
  # key: /etc/vigie/tls/key.pem

spool:
  max_gib: 20                    # au-delà, les émetteurs sont retenus ; en UDP c'est perdu, et compté
  reserve_gib: 1                 # disque libre laissé aux autres

# event_store:
#   url: http://clickhouse.example:8123
#   user: vigie
#   password_file: /etc/vigie/clickhouse-password
# database_url: postgres://…     # mieux dans VIGIE_DATABASE_URL
# stop_seconds: 30
# log_level: info
`,
};
