/** The door of the files: what to read, opened and unwrapped. */
export { type ArchiveLimits, DEFAULT_LIMITS } from './limits.ts';
export { type OpenFile, type OpenOptions, openEntry } from './open.ts';
export { type FilePart, readHead, readInPlace, splitPoints } from './read.ts';
export { replaceFile } from './replace.ts';
export { type FileEntry, isIssue, walk, whyUnread } from './walk.ts';
