/** Why a backup, a restore or an export was not done, in both languages. */
import type { Bilingual } from '../../model/lang.ts';

export class StorageError extends Error {
  readonly sentence: Bilingual;
  constructor(sentence: Bilingual) {
    super(sentence.en);
    this.name = 'StorageError';
    this.sentence = sentence;
  }
}
