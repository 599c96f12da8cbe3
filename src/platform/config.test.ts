import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

describe('readConfig', () => {
  it('takes the language from the locale unless told', () => {
    expect(readConfig({ LANG: 'fr_FR.UTF-8' }).lang).toBe('fr');
    expect(readConfig({ LANG: 'de_DE.UTF-8' }).lang).toBe('en');
    expect(readConfig({ LANG: 'fr_FR.UTF-8', VIGIE_LANG: 'en' }).lang).toBe('en');
  });
  it('refuses unknown settings and wrong values, all at once', () => {
    expect(() => readConfig({ VIGIE_LNAG: 'fr' })).toThrow(ConfigError);
    expect(() => readConfig({ VIGIE_LNAG: 'fr', VIGIE_ZONE: 'Mars/Olympus' })).toThrow(
      /VIGIE_LNAG[\s\S]*|Mars/,
    );
    expect(() => readConfig({ VIGIE_ZONE: 'Mars/Olympus' })).toThrow(/VIGIE_ZONE/);
  });
  it('keeps its data in a directory of the account unless told', () => {
    expect(readConfig({ XDG_DATA_HOME: '/x' }).dataDirectory).toBe('/x/vigie');
    expect(readConfig({ VIGIE_DATA: '/srv/vigie' }).dataDirectory).toBe('/srv/vigie');
  });
  it('takes only PostgreSQL addresses for the record store', () => {
    expect(readConfig({ VIGIE_DATABASE_URL: 'postgres://db/vigie' }).databaseUrl).toBe('postgres://db/vigie');
    expect(() => readConfig({ VIGIE_DATABASE_URL: 'mysql://db' })).toThrow(/VIGIE_DATABASE_URL/);
  });
  it('honours NO_COLOR', () => {
    expect(readConfig({ NO_COLOR: '1' }).noColor).toBe(true);
    expect(readConfig({ NO_COLOR: '' }).noColor).toBe(false);
  });
});
