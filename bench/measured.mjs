/** Runs a program, and says how long it took, and how much of the processors and of memory, children included. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Seconds of wall and processor time, the largest resident memory in bytes, and what was printed; `given`, in words, when
 * it was given up at a limit or failed.
 */
export function measured(command, args, { minutes, bytes, environment = {}, cwd }) {
  return new Promise((done) => {
    const started = performance.now();
    // A group of its own, so that a limit ends what it started too.
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      cwd,
      env: { ...process.env, ...environment },
    });
    const out = [];
    const errors = [];
    child.stdout.on('data', (data) => out.push(data));
    child.stderr.on('data', (data) => errors.push(data));
    let [peak, ticks, given] = [0, 0, undefined];
    const giveUp = (why) => {
      given ??= why;
      process.kill(-child.pid, 'SIGKILL');
    };
    const watch = setInterval(() => {
      peak = Math.max(peak, resident(child.pid));
      ticks = Math.max(ticks, sum(family(child.pid), ticksOf));
      if (peak > bytes) giveUp(`given up at ${gigabytes(bytes)} of memory`);
    }, 50);
    const late = setTimeout(() => giveUp(`given up after ${minutes} minutes`), minutes * 60_000);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      clearTimeout(late);
      if (!given && (signal || code > 1)) given = Buffer.concat(errors).toString().trim().split('\n').at(-1) || signal;
      done({
        wall: (performance.now() - started) / 1000,
        processor: ticks / 100,
        peak,
        out: Buffer.concat(out).toString(),
        given: given?.slice(0, 100),
      });
    });
  });
}

export const gigabytes = (bytes) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

/** Bytes that a process and all below it have in memory. */
export const resident = (pid) => sum(family(pid), residentOf);

const sum = (all, of) => all.reduce((total, one) => total + of(one), 0);

/** The process and all below it. */
function family(pid) {
  const all = [pid];
  for (let at = 0; at < all.length; at++) {
    try {
      for (const task of readdirSync(`/proc/${all[at]}/task`)) {
        const children = readFileSync(`/proc/${all[at]}/task/${task}/children`, 'utf8').trim();
        if (children) all.push(...children.split(' ').map(Number));
      }
    } catch {
      // It has ended in the meantime.
    }
  }
  return all;
}

function residentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  } catch {
    return 0;
  }
}

/** Hundredths of a second of user and system time. */
function ticksOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
