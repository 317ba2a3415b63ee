import {
  type Arg,
  DockerfileParser,
  type Flag,
  type From,
  type Instruction,
  type Onbuild,
  type Run,
} from 'dockerfile-ast';
import type { Location } from '../../protocol';
import type { Range } from '../../text/tree';
import { brokenImage, fill, joinUses, type Uses, useOf } from './image';
import { nameOf, type Source } from './source';

/** Characters. What people write by hand is never longer. */
const longest = 1_000_000;

/** `Dockerfile`, `Containerfile`, and both with a word before or after the dot. */
export const isDockerfile = (path: string): boolean => {
  const name = nameOf(path);
  if (/\.(dockerignore|containerignore|md|txt|j2|bak|orig)$/i.test(name)) return false;
  return /^(?:docker|container)file(?:[.-].+)?$/i.test(name) || /^.+\.(?:docker|container)file$/i.test(name);
};

/** Variables that a build sets by itself, to what depends on where it runs. */
const ofThePlatform = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/;

/** Stages so far, and what `ARG` before the first of them says. */
interface Build {
  readonly source: Source;
  readonly stages: (string | undefined)[];
  readonly args: Map<string, string>;
}

/** Images that a Dockerfile builds on, copies from, mounts, and whose frontend reads it. */
export function dockerfileUses(source: Source): Uses {
  if (source.text.length > longest) return broken(source, 'is larger than a million characters');
  try {
    return usesIn(source);
  } catch {
    return broken(source, 'cannot be read as a Dockerfile');
  }
}

const broken = ({ path }: Source, what: string): Uses => ({
  found: [],
  problems: [brokenImage(`${nameOf(path)} ${what}; restore it from Git.`, path)],
});

function usesIn(source: Source): Uses {
  const file = DockerfileParser.parse(source.text);
  const build: Build = { source, stages: [], args: new Map() };
  const syntax = file.getDirectives().find((directive) => directive.getName().toLowerCase() === 'syntax');
  const parts: Uses[] = [];
  if (syntax?.getValue())
    parts.push(
      useOf(
        source,
        { text: syntax.getValue(), unknown: [] },
        place(source, syntax.getValueRange()),
        'the syntax of the file',
      ),
    );
  for (const instruction of file.getInstructions()) parts.push(usesOf(instruction, build));
  if (build.stages.length === 0) parts.push(broken(source, 'has no "FROM", so that it builds nothing'));
  return joinUses(parts);
}

const place = ({ path }: Source, range: Range): Location => ({ path, range });

const none: Uses = { found: [], problems: [] };

const readers: Readonly<Record<string, (instruction: Instruction, build: Build) => Uses>> = {
  FROM: (instruction, build) => fromUses(instruction as From, build),
  ARG: (instruction, build) => argument(instruction as Arg, build),
  COPY: (instruction, build) => copyUses(instruction as Run, build),
  RUN: (instruction, build) => mountUses(instruction as Run, build),
  ONBUILD: (instruction, build) => {
    const trigger = (instruction as Onbuild).getTriggerInstruction();
    return trigger && /^(copy|run)$/i.test(trigger.getKeyword()) ? usesOf(trigger, build) : none;
  },
};

const usesOf = (instruction: Instruction, build: Build): Uses =>
  readers[instruction.getKeyword().toUpperCase()]?.(instruction, build) ?? none;

/** Only what stands before the first stage counts in `FROM`. */
function argument(instruction: Arg, { stages, args }: Build): Uses {
  if (stages.length > 0) return none;
  for (const word of instruction.getArguments().map((part) => part.getValue())) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined) continue;
    args.set(name, fill(value.replace(/^(["'])(.*)\1$/s, '$2'), (other) => args.get(other)).text);
  }
  return none;
}

function fromUses(instruction: From, build: Build): Uses {
  const { source, stages, args } = build;
  const written = instruction.getImage();
  const range = instruction.getImageRange();
  const earlier = [...stages];
  const name = instruction.getBuildStage()?.toLowerCase();
  stages.push(name);
  if (!written || !range) {
    const message = `${nameOf(source.path)} has a "FROM" without an image here; name one, or remove the line.`;
    return { found: [], problems: [brokenImage(message, place(source, instruction.getRange()))] };
  }
  const filled = fill(written, (variable) => args.get(variable));
  return isStage(filled, earlier) ? none : useOf(source, filled, place(source, range));
}

/** A stage may be chosen by the platform: `FROM base-${TARGETARCH}`. */
function isStage({ text, unknown }: ReturnType<typeof fill>, stages: readonly (string | undefined)[]): boolean {
  const name = text.toLowerCase();
  if (name === 'scratch' || stages.includes(name)) return true;
  if (unknown.length === 0 || !unknown.every((variable) => ofThePlatform.test(variable))) return false;
  const parts = text.split(/\$\{?\w+\}?/).map((part) => part.toLowerCase());
  return stages.some((stage) => stage?.startsWith(parts[0] ?? '') && stage.endsWith(parts.at(-1) ?? ''));
}

function copyUses(instruction: Run, build: Build): Uses {
  const flags = instruction.getFlags().filter((flag) => flag.getName().toLowerCase() === 'from');
  return joinUses(flags.map((flag) => otherUses(flag.getValue(), flag.getValueRange(), build)));
}

function mountUses(instruction: Run, build: Build): Uses {
  const mounts = instruction.getFlags().filter((flag) => flag.getName().toLowerCase() === 'mount');
  return joinUses(mounts.map((flag) => mountUse(flag, build)));
}

function mountUse(flag: Flag, build: Build): Uses {
  const from = /(?:^|,)from=([^,]*)/.exec(flag.getValue() ?? '')?.[1];
  return otherUses(from, flag.getRange(), build);
}

/** What `from` names: a stage that stands above, by name or number, or an image. */
function otherUses(name: string | null | undefined, range: Range | null, { source, stages, args }: Build): Uses {
  if (!name || !range) return none;
  const filled = fill(name, (variable) => args.get(variable));
  const isNumber = /^\d+$/.test(filled.text) && Number(filled.text) < stages.length;
  return isNumber || isStage(filled, stages) ? none : useOf(source, filled, place(source, range));
}
