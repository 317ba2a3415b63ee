/**
 * Asks the file system what a reader asked of it, one call after the other, and does nothing with the answers: what a listing
 * in Node cannot do without. A file is opened, asked for its size and time, read and closed, as the readers do.
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';

let room = Buffer.alloc(1 << 16);

function readOpened(path) {
  const file = openSync(path, 'r');
  const size = Number(fstatSync(file, { bigint: true }).size);
  if (size > room.length) room = Buffer.alloc(size);
  if (size > 0) readSync(file, room, 0, size, 0);
  closeSync(file);
}

const stat = (path) => statSync(path, { bigint: true, throwIfNoEntry: false });
const list = (path) => readdirSync(path, { withFileTypes: true });
const ask = {
  openSync: readOpened,
  statSync: stat,
  stat,
  readdirSync: list,
  readdir: list,
  readFile: (path) => readFileSync(path),
  realpath: (path) => realpathSync.native(path),
};

const [, , file, index] = process.argv;
const calls = JSON.parse(readFileSync(file, 'utf8'))[Number(index)];
const [since, used] = [performance.now(), process.cpuUsage()];
for (const [name, path] of calls) {
  try {
    ask[name](path);
  } catch {
    // The reader was told so too.
  }
}
const { user, system } = process.cpuUsage(used);
console.log(
  JSON.stringify({
    calls: calls.length,
    wall: (performance.now() - since) / 1000,
    processor: (user + system) / 1e6,
    user: user / 1e6,
  }),
);
