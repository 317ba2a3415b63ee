#!/usr/bin/env node
/** The entry of the command line. It starts the engine's process before all else, so that both load at the same time. */
import { engineFor } from './cli/engine-ahead';

const argv = process.argv.slice(2);
const engine = engineFor(argv);
void import('./cli/command-line').then(({ commandLine }) => commandLine(argv)).finally(() => engine?.kill('SIGKILL'));
