/** `vigie demo`. */
import type { RegisterCommand } from './command.ts';
export const registerDemo: RegisterCommand = () => {};
