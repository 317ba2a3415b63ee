import { version } from '../../package.json';
import type { Tool } from './protocol';

/** What every report says of the program that made it. */
export const TOOL: Tool = { name: 'plumbline', version };
