/** The door of the terminal report: the summary of a hunt and its progress line. */
export { renderProgress } from './progress.ts';
export { renderComplaints, renderSummary } from './summary.ts';
