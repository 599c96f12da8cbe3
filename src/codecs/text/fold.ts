/** Folds the issues of one file: the first of each code are passed on, the others counted and told once at the end. */
import type { DecodeSink } from '../../model/codec.ts';
import type { Issue, IssueCode, Place } from '../../model/issue.ts';

const SHOWN = 3;

export interface IssueFold {
  add(issue: Issue): void;
  /** Tells how many were held back. */
  end(): void;
}

export function createIssueFold(sink: DecodeSink, place: Place): IssueFold {
  const counts = new Map<IssueCode, number>();
  return {
    add(issue) {
      const count = (counts.get(issue.code) ?? 0) + 1;
      counts.set(issue.code, count);
      if (count <= SHOWN) sink.issue(issue);
    },
    end() {
      for (const [code, count] of counts) {
        if (count <= SHOWN) continue;
        sink.issue({ code: 'CODEC_MORE_OF_THE_SAME', place, params: { count: count - SHOWN, code } });
      }
      counts.clear();
    },
  };
}
