/** The door of the demo: a simulated intrusion in an invented hospital, written as log files. */
export { type Demo, type DemoOptions, generateDemo } from './generate.ts';
export type { StoryStep } from './story.ts';
