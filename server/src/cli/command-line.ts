/** The verbs and their options. A verb is loaded when it is called, so that `--version` and a usage error answer at once. */
import { Command, CommanderError } from 'commander';
import { formatsOf } from '../report/verbs';
import { TOOL } from '../tool';
import type { CheckOptions } from './check';
import type { ConvertOptions } from './convert';
import type { DiffOptions } from './diff';
import type { DriftOptions } from './drift';
import { type Exit, exits } from './exit';
import type { InferOptions } from './infer';
import type { ProfileOptions } from './profile';
import type { ProvenanceOptions } from './provenance';
import {
  bindings,
  type CommonOptions,
  checkIds,
  columnNames,
  columnTypes,
  dimensionNames,
  failOnOf,
  memoryOf,
  methods,
  mostOf,
  repeated,
  segmentNames,
  tagNames,
  threadsOf,
  UsageError,
  windowOf,
} from './usage';

/** `examples` are pairs of what they do and the command line that does it. */
interface Verb {
  readonly name: string;
  readonly description: string;
  readonly examples: readonly (readonly [string, string])[];
}

/** How a verb tells the exit code that the command ends with. */
type Done = (exit: Exit) => void;

/** Runs a command line, without the name of the program, to its end, and sets the exit code. */
export async function commandLine(argv: readonly string[]): Promise<void> {
  // Whoever reads the report may have seen enough of it.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? exits.clean : exits.engine),
  );
  try {
    const program = build((exit) => {
      process.exitCode = exit;
    });
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    if (error instanceof CommanderError && error.code === 'commander.help') process.exitCode = exits.usage;
    else if (error instanceof CommanderError || error instanceof UsageError)
      fail(exits.usage, error instanceof UsageError ? error.message : usageSentence(error, argv));
    else fail(exits.engine, `Plumbline itself failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function build(done: Done): Command {
  const program = new Command(TOOL.name)
    .description('Checks data contracts, measures drift, and says which versions of code and data a result came from.')
    .version(TOOL.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [verb]', 'print the help of a verb')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', '\nEach verb has its own help with examples: plumbline check --help');

  for (const add of [addLint, addCheck, addDiff, addDrift, addProfile, addConvert, addInfer, addProvenance, addServer])
    add(program, done);
  return program;
}

function addLint(program: Command, done: Done): void {
  verb(program, {
    name: 'lint',
    description: 'Diagnostics of contracts and manifests, as the editor shows them. No data is read.',
    examples: [
      ['every contract in a folder', 'plumbline lint contracts/*.odcs.yaml'],
      ['for a program, failing on warnings too', 'plumbline lint orders.odcs.yaml --format json --fail-on warning'],
    ],
  })
    .argument('<files...>', 'contracts and manifests')
    .action(async (files: string[], options: CommonOptions) => {
      const { lint } = await import('./lint');
      done(await lint(files, options));
    });
}

function addCheck(program: Command, done: Done): void {
  engine(
    verb(program, {
      name: 'check',
      description: 'Runs every schema and quality check of a contract on its data.',
      examples: [
        ["on the data of the contract's server", 'plumbline check flights.odcs.yaml'],
        ['on a file of your own', 'plumbline check flights.odcs.yaml --data flights=july.parquet'],
        ['on the data of a release', 'plumbline check flights.odcs.yaml --data flights=data/flights.parquet@v1.2.0'],
        [
          'some rows and some checks of it',
          'plumbline check flights.odcs.yaml --where "origin = \'JFK\'" --tag nightly',
        ],
        [
          'the SQL of every check of a table, without running it',
          'plumbline check flights.odcs.yaml --checks "flights/*" --dry-run',
        ],
        [
          'for a terminal, for code scanning and for a pull request in one run',
          'plumbline check contracts/*.odcs.yaml --also sarif=plumbline.sarif --also markdown=summary.md',
        ],
        ['begin a history, which later runs are added to', 'plumbline check flights.odcs.yaml --record'],
      ],
    }),
  )
    .argument('<contracts...>', 'data contracts')
    .option(
      '--data <TABLE=REF>',
      'data of a table; REF alone when the contract has one table; may be repeated',
      bindings,
    )
    .option(
      '--reference <TABLE=REF>',
      'data to compare a table with, where the contract has rules that do; REF alone for one table; may be repeated',
      bindings,
    )
    .option('--environment <NAME>', 'of those that a TFDV schema tells apart, the one that the data are from')
    .option('--server <NAME>', "the contract's server to read from")
    .option(
      '--where <TABLE=CONDITION>',
      'look only at rows for which this SQL is true; a condition alone for one table; may be repeated',
      repeated,
    )
    .option('--checks <IDS>', 'only checks with these ids, separated by commas; * stands for anything', checkIds)
    .option('--dimension <NAMES>', 'only checks of these dimensions', dimensionNames)
    .option('--tag <NAMES>', 'only checks whose rule, column or table has one of these tags', tagNames)
    .option('--metadata-only', 'only what is known without a row: columns, their types, rows of Parquet files')
    .option('--dry-run', 'show the SQL that would run, and for which checks; no check reads a row')
    .option('--record', 'add the figures to the history in .plumbline, and begin it where there is none')
    .option('--no-record', 'leave the history alone (default: add to the one that is there)')
    .action(async (contracts: string[], options: CheckOptions) => {
      const { check } = await import('./check');
      done(await check(contracts, options));
    });
}

function addDiff(program: Command, done: Done): void {
  verb(program, {
    name: 'diff',
    description:
      'What has changed of a contract, whom it breaks, and the version that this calls for. Fails on breaking changes that the version does not tell of.',
    examples: [
      ['since the branch left the main one', 'plumbline diff orders.odcs.yaml'],
      ['since a release', 'plumbline diff orders.odcs.yaml --against v1.2.0'],
      [
        'between two files, or a file at two revisions',
        'plumbline diff orders.odcs.yaml@v1.2.0 orders.odcs.yaml@v2.0.0',
      ],
    ],
  })
    .argument('<before>', 'the contract as it was: FILE or FILE@REV; alone, the contract as it is')
    .argument('[after]', 'the contract as it is')
    .option('--against <REV>', 'of one contract, the revision to compare with (default: where it left the main branch)')
    .action(async (before: string, after: string | undefined, options: DiffOptions) => {
      const { diff } = await import('./diff');
      done(await diff(before, after, options));
    });
}

function addDrift(program: Command, done: Done): void {
  engine(
    verb(program, {
      name: 'drift',
      description: 'Compares the columns of two datasets and says which have drifted.',
      examples: [
        ['July against January', 'plumbline drift --reference january.parquet --current july.parquet'],
        ['as Evidently does it', 'plumbline drift --reference a.csv --current b.csv --preset evidently'],
        [
          'one column by a method and threshold of your own',
          'plumbline drift --reference data.parquet@v1.0.0 --current data.parquet --method amount=psi:0.2',
        ],
        [
          'each airport, and each day against the same weekday',
          'plumbline drift --reference a.csv --current b.csv --segment-by origin --window-by at:1d --season weekday',
        ],
        [
          'each week against the week before',
          'plumbline drift --reference previous --current data.parquet --window-by at:1w',
        ],
        ['the monitors of a manifest, or of another system', 'plumbline drift --monitor delays.experiment.yaml'],
        [
          'one of them, on data that you have here',
          'plumbline drift --monitor azure.yml --only inputs --reference train.parquet --current march.parquet',
        ],
        ['the commit with which it began', 'plumbline drift --reference data.csv@v1.0.0 --current data.csv --bisect'],
      ],
    }),
  )
    .option('--reference <REF>', 'what the data should be like; "previous" compares each window with the one before it')
    .option('--current <REF>', 'the data to judge')
    .option(
      '--monitor <FILE>',
      'run the monitors of a file as they stand; --reference and --current stand in for its data',
    )
    .option('--only <NAME>', 'of a file with several monitors, only this one')
    .option('--contract <FILE>', 'the contract that says the types of the columns')
    .option('--preset <P>', 'the system whose conventions and thresholds count (default: plumbline)')
    .option(
      '--method <COLUMN=METHOD[:THRESHOLD]>',
      'method of a column, or of all together: "*=pca-reconstruction", "*=domain-classifier"; may be repeated',
      methods,
    )
    .option('--type <COLUMN=TYPE>', 'numerical, categorical or text; may be repeated', columnTypes)
    .option('--columns <NAMES>', 'only these columns, separated by commas', columnNames)
    .option('--segment-by <COLUMNS>', 'judge each combination of their values too, the 50 largest', segmentNames)
    .option('--window-by <COLUMN:PERIOD>', 'judge each window of time too, such as at:1d, the latest 400', windowOf)
    .option('--season <SEASON>', "compare a window with the reference's same weekday or month (default: none)")
    .option('--prediction <COLUMN>', 'the column that a model predicted')
    .option('--target <COLUMN>', 'the column that a model is to predict')
    .option('--bisect', 'find the commit of the current file with which drift began')
    .action(async (options: DriftOptions) => {
      const { drift } = await import('./drift');
      done(await drift(options));
    });
}

function addProfile(program: Command, done: Done): void {
  engine(
    verb(program, {
      name: 'profile',
      description: 'Statistics of every column of a dataset.',
      examples: [
        ['at a glance', 'plumbline profile flights.parquet'],
        ['kept for later', 'plumbline profile flights.parquet --save baseline.profile.json'],
      ],
    }),
  )
    .argument('<ref>', 'path, pattern, folder, or path@REV')
    .option('--save <FILE>', 'keep the profile as JSON')
    .action(async (ref: string, options: ProfileOptions) => {
      const { profile } = await import('./profile');
      done(await profile(ref, options));
    });
}

function addConvert(program: Command, done: Done): void {
  writer(program, {
    name: 'convert',
    description: 'A contract in another format. What that format cannot say is told on standard error, with its place.',
    examples: [
      ['a suite of Great Expectations as a contract', 'plumbline convert suite.json --to odcs'],
      [
        'a contract as a suite, into a file',
        'plumbline convert flights.odcs.yaml --to great-expectations --output flights.json',
      ],
    ],
  })
    .argument('<file>', 'contract of any dialect')
    .requiredOption('--to <DIALECT>', 'the format to write')
    .action(async (file: string, options: ConvertOptions) => {
      const { convertFile } = await import('./convert');
      done(await convertFile(file, options));
    });
}

function addInfer(program: Command, done: Done): void {
  engine(
    writer(program, {
      name: 'infer',
      description:
        'A first contract from data, which those data keep: columns, types, what is never empty, keys, short lists of values.',
      examples: [
        ['from one file', 'plumbline infer data/flights.parquet --output flights.odcs.yaml'],
        [
          'several tables, as they were in a release',
          'plumbline infer data/flights.parquet@v1.2.0 data/airports.csv@v1.2.0',
        ],
      ],
    }),
  )
    .argument('<refs...>', 'path, pattern, folder, or path@REV; one a table')
    .option('--to <DIALECT>', 'the format to write', 'odcs')
    .action(async (refs: string[], options: InferOptions) => {
      const { infer } = await import('./infer');
      done(await infer(refs, options));
    });
}

function addProvenance(program: Command, done: Done): void {
  engine(
    verb(program, {
      name: 'provenance',
      description: 'Versions of code and data behind a file, a contract, a manifest, a run or a folder, with findings.',
      examples: [
        ['of the folder you are in', 'plumbline provenance'],
        ['of a contract and its data', 'plumbline provenance contracts/flights.odcs.yaml'],
        ['the versions of a dataset, newest first', 'plumbline provenance data/flights.parquet --timeline'],
      ],
    }),
  )
    .argument('[path]', 'file or folder (default: the current folder)')
    .option(
      '--timeline',
      'the versions of a dataset through Git, DVC or lakeFS, with what changed from each to the next',
    )
    .option('--most <N>', 'of the newest versions, at most so many (default: 20)', mostOf)
    .action(async (path: string | undefined, options: ProvenanceOptions) => {
      const { provenance } = await import('./provenance');
      done(await provenance(path, options));
    });
}

function addServer(program: Command): void {
  program
    .command('lsp')
    .description('The language server, for editors.')
    .requiredOption('--stdio', 'talk over standard input and output')
    .addHelpText('after', '\nExample:\n  plumbline lsp --stdio')
    .action(async () => {
      const { serve } = await import('../lsp');
      serve();
    });
}

const wordsOf = (ids: readonly string[]): string => `${ids.slice(0, -1).join(', ')} or ${ids.at(-1)}`;

/** Of `--format`: told before any work is done for a report that cannot be written. */
const formatFor = (verb: string, known: readonly string[]) => (id: string) => {
  if (known.includes(id)) return id;
  throw new UsageError(`plumbline ${verb} does not write "${id}"; its --format takes ${wordsOf(known)}.`);
};

/** A verb that ends in a contract instead of a report. */
const writer = (program: Command, { name, description, examples }: Verb): Command =>
  program
    .command(name)
    .description(description)
    .option('--output <FILE>', 'write the contract to a file')
    .option('--quiet', 'no progress, and nothing about what is lost')
    .addHelpText(
      'after',
      `\nExamples:\n${linesOf(examples).join('\n')}\n\nExit: 0 fine, 2 wrong usage or unreadable input, 3 the engine failed, 130 cancelled.`,
    );

const linesOf = (examples: Verb['examples']): readonly string[] =>
  examples.map(([what, how]) => `  # ${what}\n  $ ${how}`);

/** `--also` once more. */
const alsoFor = (verb: string, known: readonly string[]) => {
  const checked = formatFor(verb, known);
  return (words: string, before: Readonly<Record<string, string>> = {}) => {
    const [, id, file] = /^([^=]+)=(.+)$/s.exec(words) ?? [];
    if (id === undefined || file === undefined)
      throw new UsageError(`--also takes FORMAT=FILE, such as sarif=plumbline.sarif, not "${words}".`);
    return { ...before, [checked(id)]: file };
  };
};

/** A verb with the options that all of them take. */
function verb(program: Command, { name, description, examples }: Verb): Command {
  const formats = formatsOf[name] ?? ['text', 'json'];
  return program
    .command(name)
    .description(description)
    .option('--format <FORMAT>', wordsOf(formats), formatFor(name, formats), 'text')
    .option('--output <FILE>', 'write the report to a file')
    .option(
      '--also <FORMAT=FILE>',
      'write the report to a file in one more format; may be repeated',
      alsoFor(name, formats),
    )
    .option('--fail-on <SEVERITY>', 'exit 1 from this severity on: error, warning or never', failOnOf, 'error')
    .option('--quiet', 'no progress, and findings only')
    .option('--no-color', 'no colours on a terminal')
    .addHelpText(
      'after',
      `\nExamples:\n${linesOf(examples).join('\n')}\n\nExit: 0 fine, 1 findings, 2 wrong usage or unreadable input, 3 the engine failed, 130 cancelled.`,
    );
}

const engine = (command: Command): Command =>
  command
    .option('--threads <N>', 'threads of the engine', threadsOf)
    .option('--memory <SIZE>', 'memory of the engine, such as 2GB', memoryOf);

/** Commander's sentence as ours: a capital, a full stop, and where to look. */
function usageSentence({ message }: Error, argv: readonly string[]): string {
  const [first = '', hint = ''] = message.replace(/^error: /, '').split('\n');
  const words = [first.replace(/\.?$/, '.'), hint.replace(/[()]/g, '')].filter((part) => part !== '').join(' ');
  const help = ['lint', 'check', 'diff', 'drift', 'profile', 'convert', 'infer', 'provenance', 'lsp'].find(
    (name) => name === argv[0],
  );
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} See: plumbline ${help ? `${help} ` : ''}--help`;
}

function fail(exit: Exit, sentence: string): void {
  process.exitCode = exit;
  process.stderr.write(`${sentence}\n`);
}
