/** A thread that packs one set of rules, so that reading thousands of them holds nobody up. */
import { parentPort, workerData } from 'node:worker_threads';
import { packRules, type RuleTexts } from './rule-pack.ts';

parentPort?.postMessage(packRules(workerData as RuleTexts));
