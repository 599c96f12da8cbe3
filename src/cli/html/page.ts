/**
 * Renders the HTML report: one file with its style, its script and its data, under a policy that lets nothing else
 * run or load. The script's modules are joined into one; data never becomes markup (`page-data.ts`, `page-*.js`).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { HuntSummary } from '../../model/hunt.ts';
import type { Lang } from '../../model/lang.ts';
import { HTML_TEXTS } from '../i18n/html-texts.ts';
import { toPageData, toScriptJson } from './page-data.ts';

/** In dependency order: joined, each file's imports and `export` words are taken off. */
const SCRIPTS = [
  'page-core.js',
  'page-charts.js',
  'page-findings.js',
  'page-table.js',
  'page-main.js',
] as const;

const STYLES = ['page.css', 'page-parts.css'] as const;

/** The report as one self-contained page; opens in `options.lang`, and can be switched. */
export function renderHtml(summary: HuntSummary, options: { readonly lang: Lang }): string {
  const style = STYLES.map(readAsset).join('\n');
  const script = joinScripts(SCRIPTS.map(readAsset));
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const words = HTML_TEXTS[options.lang];
  return `<!doctype html>
<html lang="${options.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Vigie · ${words.title}</title>
<style>${style}</style>
</head>
<body>
<noscript>${words.title}: JavaScript is needed to show this page / JavaScript est nécessaire.</noscript>
<script type="application/json" id="data">${toScriptJson(toPageData(summary, options.lang))}</script>
<script>${script}</script>
</body>
</html>
`;
}

function readAsset(name: string): string {
  return readFileSync(path.join(import.meta.dirname, name), 'utf8');
}

function joinScripts(files: readonly string[]): string {
  const bodies = files.map((text) =>
    text.replace(/^import [^;]*;\n/gm, '').replace(/^export (?=function|const|let)/gm, ''),
  );
  return `(() => {\n'use strict';\n${bodies.join('\n')}})();\n`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
