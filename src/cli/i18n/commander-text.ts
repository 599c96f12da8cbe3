/** What commander says itself (titles of help, complaints), in French; it speaks English by itself. Data only. */

/** Pieces of help, as commander writes them. */
export const HELP_FR: readonly (readonly [RegExp, string])[] = [
  [/^Usage:$/, 'Usage :'],
  [/^Arguments:$/, 'Arguments :'],
  [/^Options:$/, 'Options :'],
  [/^Commands:$/, 'Commandes :'],
  [/\((choices: .*?)default: /, '($1par défaut : '],
  [/\(choices: /, '(au choix : '],
  [/\(default: /, '(par défaut : '],
  [/ \[command\]$/, ' [commande]'],
];

export const HELP_WORDS = {
  en: {
    helpOption: 'display help for command',
    helpCommand: 'help [command]',
    version: 'output the version number',
  },
  fr: { helpOption: 'afficher cette aide', helpCommand: 'help [commande]', version: 'afficher la version' },
} as const;

/** Complaints, as commander writes them; the values a person typed stand in the groups. */
export const ERRORS_FR: readonly (readonly [RegExp, string])[] = [
  [/^error: missing required argument '(.*)'/, 'erreur : il manque l’argument « $1 »'],
  [/^error: option '(.*)' argument missing/, 'erreur : l’option « $1 » attend une valeur'],
  [/^error: required option '(.*)' not specified/, 'erreur : il manque l’option « $1 »'],
  [/^error: option '(.*?)' argument '(.*)' is invalid\./, 'erreur : option « $1 » : « $2 » ne convient pas.'],
  [
    /^error: command-argument value '(.*)' is invalid for argument '(.*?)'\./,
    'erreur : argument « $2 » : « $1 » ne convient pas.',
  ],
  [/^error: (.*) cannot be used with (.*)/, 'erreur : $1 ne va pas avec $2'],
  [/^error: unknown option '(.*)'/, 'erreur : option inconnue « $1 »'],
  [/^error: unknown command '(.*)'/, 'erreur : commande inconnue « $1 »'],
  [
    /^error: too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+)\./,
    'erreur : trop d’arguments pour « $1 » : $2 attendus au plus, $3 donnés.',
  ],
  [
    /^error: too many arguments\. Expected (\d+) arguments? but got (\d+)\./,
    'erreur : trop d’arguments : $1 attendus au plus, $2 donnés.',
  ],
  [/^error: /, 'erreur : '],
  [/\(Did you mean one of (.*)\?\)$/m, '(vouliez-vous dire $1 ?)'],
  [/\(Did you mean (.*)\?\)$/m, '(vouliez-vous dire $1 ?)'],
  [/Allowed choices are (.*)\.$/m, 'Au choix : $1.'],
];
