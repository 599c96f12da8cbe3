/** `vigie rules`. */
import type { RegisterCommand } from './command.ts';
export const registerRules: RegisterCommand = () => {};
