/** Tells a value that a list could hold from one that is mistyped: of the latter, "not listed" would comfort wrongly. */
import { guessType } from '../../../intel/index.ts';

/** A domain, URL, address, hash or mail address, defanged or not; a name of one word is none that a list may hold. */
export function isIndicator(value: string): boolean {
  return guessType(value.trim()) !== undefined;
}
