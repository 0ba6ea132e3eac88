import { Command, CommanderError } from 'commander';
import type { AddCommand, World } from './command.js';
import { EXIT } from './exit-codes.js';
import { ownVersion } from './own-version.js';
import { Problem, sentenceOf, Told } from './problems.js';

interface Group {
  readonly name: string;
  readonly description: string;
  /** True for `send`, which is a command itself and not a group of them. */
  readonly single?: boolean;
  readonly hidden?: boolean;
  readonly load: () => Promise<readonly AddCommand[]>;
}

/** Only the group that is asked for is loaded: `starling --help` need not wait for cryptography. */
const GROUPS: readonly Group[] = [
  {
    name: 'devnet',
    description: 'a whole network on this machine',
    load: async () => (await import('./devnet/devnet.commands.js')).devnetCommands,
  },
  {
    name: 'account',
    description: 'Session accounts with their recovery phrase',
    load: async () => (await import('./account/account.commands.js')).accountCommands,
  },
  {
    name: 'send',
    description: 'send a message',
    single: true,
    load: async () => [(await import('./message/send.command.js')).addSend],
  },
  {
    name: 'receive',
    description: 'fetch messages',
    single: true,
    load: async () => [(await import('./message/receive.command.js')).addReceive],
  },
  {
    name: 'network',
    description: 'the signed node list of a private network',
    load: async () => (await import('./network/network.commands.js')).networkCommands,
  },
  {
    name: 'keys',
    description: 'keys of nodes and administrators',
    load: async () => (await import('./keys/keys.commands.js')).keysCommands,
  },
  {
    name: 'doctor',
    description: 'examine a node: what is wrong with it, and what to do',
    single: true,
    load: async () => [(await import('./doctor/doctor.command.js')).addDoctor],
  },
  {
    name: 'config',
    description: 'settings of the services: check them, begin a file of them',
    load: async () => (await import('./config/config.commands.js')).configCommands,
  },
  {
    name: 'status',
    description: 'one screen about a running node',
    single: true,
    load: async () => [(await import('./status/status.command.js')).addStatus],
  },
  {
    name: 'drain',
    description: 'let a running relay serve whoever is connected, and then end',
    single: true,
    load: async () => [(await import('./drain/drain.command.js')).addDrain],
  },
  {
    name: 'prepare',
    description: 'lay out what a node in containers starts from: key, list, passwords; what is there is kept',
    single: true,
    hidden: true,
    load: async () => [(await import('./prepare/prepare.command.js')).addPrepare],
  },
  {
    name: 'backup',
    description: 'copy a node, its key and its messages to one file',
    single: true,
    load: async () => [(await import('./backup/backup.command.js')).addBackup],
  },
  {
    name: 'restore',
    description: 'bring a node back from a backup',
    single: true,
    load: async () => [(await import('./backup/restore.command.js')).addRestore],
  },
  {
    name: 'demo',
    description: 'start a network, send a message each way, show who saw what (npm start)',
    single: true,
    hidden: true,
    load: async () => [(await import('./demo/demo.command.js')).addDemo],
  },
  {
    name: 'servers',
    description: 'find or install Redis and NATS, and say which are used',
    single: true,
    hidden: true,
    load: async () => [(await import('./servers/servers.command.js')).addServers],
  },
];

const EXIT_CODE_HELP = `
Exit codes: ${EXIT.ok} done, ${EXIT.failure} failed, ${EXIT.usage} the command line is not understood, \
${EXIT.configuration} a setting is missing or wrong.
Every command takes --json. STARLING_DEBUG=1 adds details to errors.`;

/** Runs one command line (without node and script) and gives back the exit code. */
export async function runCli(argv: readonly string[], world: World): Promise<number> {
  try {
    const asked = argv.find((word) => !word.startsWith('-'));
    const program = await buildProgram(({ name }) => name === asked, world);
    await program.parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (cause) {
    if (cause instanceof CommanderError && cause.exitCode === 0) return EXIT.ok;
    if (cause instanceof Told) return cause.exitCode;
    report(cause, argv, world);
    return exitCodeOf(cause);
  }
}

/** Every command with its options, for `npm run check:docs`: it runs none of them. */
export function everyCommand(world: World): Promise<Command> {
  return buildProgram(() => true, world);
}

async function buildProgram(isAskedFor: (group: Group) => boolean, world: World): Promise<Command> {
  const program = configured(new Command('starling'), world)
    .description('Private Session networks: start, run and use them.')
    .version(ownVersion(), '--version', 'print the version')
    .addHelpText('after', EXIT_CODE_HELP)
    .helpCommand(false);
  for (const group of GROUPS) {
    const isAsked = isAskedFor(group);
    const target = group.single && isAsked ? program : configured(new Command(group.name), world);
    if (target !== program) {
      program.addCommand(target.description(group.description).helpCommand(false), { hidden: group.hidden ?? false });
    }
    if (isAsked) for (const add of await group.load()) add(target, world);
  }
  for (const command of allOf(program)) configured(command, world);
  return program;
}

/** Commander's own messages go where ours go, and it never ends the process. */
function configured(command: Command, { stdout, stderr }: World): Command {
  return command
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .showHelpAfterError('(--help says more)');
}

function allOf(command: Command): Command[] {
  return command.commands.flatMap((each) => [each, ...allOf(each)]);
}

function exitCodeOf(cause: unknown): number {
  if (cause instanceof CommanderError) return EXIT.usage;
  if (cause instanceof Problem) return cause.exitCode;
  return cause instanceof Error && cause.name === 'ConfigError' ? EXIT.configuration : EXIT.failure;
}

function report(cause: unknown, argv: readonly string[], { env, stdout, stderr }: World): void {
  const sentence = sentenceOf(cause).replace(/^error: /, '');
  if (argv.includes('--json')) stdout.write(`${JSON.stringify({ error: sentence })}\n`);
  if (cause instanceof CommanderError) return; // commander has said it
  stderr.write(`starling: ${sentence}\n`);
  if (env.STARLING_DEBUG && cause instanceof Error) stderr.write(`${cause.stack ?? ''}\n`);
}
