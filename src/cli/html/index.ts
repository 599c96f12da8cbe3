/** The door of the HTML report. */
export { renderHtml } from './page.ts';
