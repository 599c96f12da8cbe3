/**
 * The intrusion of the demo, step by step over one night: from guessed VPN passwords to encrypted shares. Each step
 * says which of our rules should find it, so that a test can hold the hunt to it.
 */

import type { Bilingual } from '../../model/lang.ts';
import {
  copyOutside,
  deleteShadows,
  dumpPasswords,
  encrypt,
  exportImages,
  guessDesktop,
  guessVpn,
  installServices,
  run,
  SYSTEM32,
  webShell,
} from './deeds.ts';
import { ADMIN, PIVOT, SERVERS } from './hospital.ts';
import { MINUTE, type Night } from './night.ts';
import { logCleared, logon } from './windows.ts';

export interface StoryStep {
  readonly id: string;
  readonly what: Bilingual;
  /** First and last record of the step, ISO 8601 UTC. */
  readonly at: string;
  readonly to: string;
  readonly host: string;
  /** Ids of our rules that should find it, at least one. */
  readonly ruleIds: readonly string[];
}

interface Plot {
  readonly id: string;
  readonly what: Bilingual;
  /** Minutes before the end of the night. */
  readonly before: number;
  readonly minutes: number;
  readonly host: string;
  readonly ruleIds: readonly string[];
  write(night: Night, at: number): void;
}

const PLOTS: readonly Plot[] = [
  {
    id: 'vpn-guessing',
    what: {
      en: 'VPN passwords guessed; a supplier’s account gets in',
      fr: 'Mots de passe du VPN devinés ; le compte d’un prestataire entre',
    },
    before: 375,
    minutes: 12,
    host: 'FW-PERIMETRE',
    ruleIds: ['8544a3a2-8b29-4a0b-9031-bf1d26a366b9'],
    write: guessVpn,
  },
  {
    id: 'web-shell',
    what: { en: 'Web shell put on the portal', fr: 'Porte dérobée déposée sur le portail' },
    before: 352,
    minutes: 6,
    host: 'portail',
    ruleIds: ['3a503978-5c55-4651-aafd-f5dceed11fa7'],
    write: webShell,
  },
  {
    id: 'desktop-guessing',
    what: { en: 'Into a workstation by remote desktop', fr: 'Entrée sur un poste par bureau à distance' },
    before: 335,
    minutes: 6,
    host: PIVOT.name,
    ruleIds: ['e1cf92c7-d728-4743-bcf3-99253f2aca9f'],
    write: guessDesktop,
  },
  {
    id: 'credential-dump',
    what: { en: 'Passwords taken from memory', fr: 'Mots de passe pris en mémoire' },
    before: 310,
    minutes: 1,
    host: PIVOT.name,
    ruleIds: ['9566cd5e-7a35-40ab-901e-1f472014e38b', '9db582ec-f1e6-4c96-b9eb-e0b83cebb5c7'],
    write: dumpPasswords,
  },
  {
    id: 'many-servers',
    what: { en: 'Administrator account on every server', fr: 'Compte d’administration sur chaque serveur' },
    before: 295,
    minutes: 14,
    host: PIVOT.name,
    ruleIds: ['c0ce4dd2-f0dc-4328-a051-20006431a0b5'],
    write: (night, at) =>
      SERVERS.forEach((server, index) => {
        night.journal.windows(
          logon({
            at: at + index * 2 * MINUTE,
            computer: server.name,
            account: ADMIN,
            address: PIVOT.address,
            type: 10,
          }),
        );
      }),
  },
  {
    id: 'remote-service',
    what: { en: 'Programs started through services', fr: 'Programmes lancés par des services' },
    before: 278,
    minutes: 6,
    host: 'SRV-SAUV-01',
    ruleIds: ['62437657-66f4-45db-8517-5fa8a5133933', '34d4b341-6d30-4d21-95a7-bf087608c267'],
    write: installServices,
  },
  {
    id: 'images-exported',
    what: { en: 'Images of patients exported', fr: 'Images de patients exportées' },
    before: 262,
    minutes: 25,
    host: 'SRV-PACS-01',
    ruleIds: ['e13428bd-9196-4da7-9115-5ddad7fa36be'],
    write: exportImages,
  },
  {
    id: 'staging',
    what: { en: 'A share packed with a password', fr: 'Un partage empaqueté sous mot de passe' },
    before: 230,
    minutes: 1,
    host: 'SRV-FIC-02',
    ruleIds: ['f4bfebe3-3cfe-4ef3-8cb2-b68d90262238'],
    write: (night, at) =>
      run(night, at, {
        computer: 'SRV-FIC-02',
        account: ADMIN,
        image: 'C:\\ProgramData\\7z.exe',
        command: '7z.exe a -t7z -mhe=on -pHx71kk -v500m C:\\ProgramData\\d.7z \\\\nas-01\\commun\\radiologie',
      }),
  },
  {
    id: 'copy-outside',
    what: { en: 'Data copied outside with rclone', fr: 'Données copiées dehors avec rclone' },
    before: 210,
    minutes: 40,
    host: 'SRV-FIC-02',
    ruleIds: ['be2d2f0a-117d-450a-a415-8b97e707c1a9', 'b2911d70-cb90-4d08-86e8-066b80412e36'],
    write: copyOutside,
  },
  {
    id: 'backup-stopped',
    what: { en: 'Backup service stopped', fr: 'Service de sauvegarde arrêté' },
    before: 155,
    minutes: 1,
    host: 'SRV-SAUV-01',
    ruleIds: ['aa3bb8d0-d4d5-40b8-84d5-aa793ac975a3'],
    write: (night, at) =>
      run(night, at, {
        computer: 'SRV-SAUV-01',
        account: ADMIN,
        image: `${SYSTEM32}net.exe`,
        command: 'net stop "Veeam Backup Service" /y',
      }),
  },
  {
    id: 'shadow-copies',
    what: {
      en: 'Shadow copies deleted, start-up repair off',
      fr: 'Clichés instantanés supprimés, réparation désactivée',
    },
    before: 152,
    minutes: 4,
    host: 'SRV-SAUV-01',
    ruleIds: ['8abb1303-006e-4d15-8a96-ec2ab19c1e08', '4d9aea9f-84fb-48df-8eec-5113c9d98b2c'],
    write: deleteShadows,
  },
  {
    id: 'encryption',
    what: { en: 'Shares encrypted, ransom notes left', fr: 'Partages chiffrés, demandes de rançon déposées' },
    before: 145,
    minutes: 8,
    host: 'nas-01',
    ruleIds: ['f29d758f-066d-4caf-b850-8b50d05b614b', '43b3825d-983c-476b-bf66-9484a0ace0d1'],
    write: encrypt,
  },
  {
    id: 'log-cleared',
    what: { en: 'Security log cleared', fr: 'Journal de sécurité effacé' },
    before: 130,
    minutes: 1,
    host: 'SRV-SAUV-01',
    ruleIds: ['07bf3609-abb8-4d4c-8de0-d4a04a62c0d3'],
    write: (night, at) => {
      night.journal.forget({ computer: 'SRV-SAUV-01', channel: 'Security' }, at);
      night.journal.windows(logCleared(at, 'SRV-SAUV-01', ADMIN));
    },
  },
];

/** Writes the intrusion into the night and tells what was written. */
export function writeStory(night: Night): StoryStep[] {
  return PLOTS.map((plot) => {
    const at = night.endAt - plot.before * MINUTE;
    plot.write(night, at);
    const { id, what, host, ruleIds } = plot;
    return {
      id,
      what,
      host,
      ruleIds,
      at: new Date(at).toISOString(),
      to: new Date(at + plot.minutes * MINUTE).toISOString(),
    };
  });
}
