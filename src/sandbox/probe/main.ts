import { Command, Option } from 'commander'
import { watchAnswers } from './answers.ts'
import { playPeers } from './peers.ts'
import { arpQuestion } from './arp.ts'
import { askAnew } from './ask.ts'
import { firstAnswers } from './first-answer.ts'
import { ndpQuestion } from './ndp.ts'
import { watchProgramming, type Programming } from './programmed.ts'
import { measureRoundTrips } from './round-trips.ts'
import { probeTcp } from './tcp.ts'
import { probeUdp } from './udp.ts'

/**
 * Looks at an address as a client does, until it is told to stop (SIGINT or SIGTERM) or its time is up. Prints
 * `{"answered":true}` at the first answer, and one line of JSON with the findings at the end.
 */
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

let answered = false
const onAnswer = (): void => {
  if (!answered) print({ answered: true })
  answered = true
}
const everyMs = (initial: number): Option =>
  new Option('--every-ms <ms>', 'time between two questions').default(initial).argParser(Number)
const seconds = new Option('--seconds <s>', 'how long at the most').default(60).argParser(Number)

const program = new Command('probe').hook('preAction', (_, command) => {
  const limit = command.opts<{ seconds?: number }>().seconds
  if (limit !== undefined) setTimeout(() => stop.abort(), limit * 1000).unref()
})

program
  .command('udp <address> <port>')
  .description('numbered datagrams to an echo server')
  .addOption(everyMs(1))
  .addOption(seconds)
  .action(async (address: string, port: string, options: { everyMs: number }) =>
    print(await probeUdp({ address, port: Number(port), everyMs: options.everyMs, onAnswer }, stop.signal)),
  )

program
  .command('tcp <address>')
  .description('a new connection to port 80 each time, with one request on it')
  .addOption(everyMs(5))
  .addOption(seconds)
  .action(async (address: string, options: { everyMs: number }) =>
    print(await probeTcp({ address, everyMs: options.everyMs, onAnswer }, stop.signal)),
  )

for (const [name, questionFor] of [
  ['arp', arpQuestion],
  ['ndp', ndpQuestion],
] as const)
  program
    .command(`${name} <address>`)
    .description('asks the whole LAN anew each time, and notes who answers')
    .addOption(everyMs(5))
    .addOption(seconds)
    .option('--interface <name>', 'where to ask', 'eth0')
    .action(async (address: string, { everyMs, interface: link }: { everyMs: number; interface: string }) => {
      using question = questionFor(link, address)
      print(await askAnew(question, { everyMs, onAnswer }, stop.signal))
    })

program
  .command('round-trips <address>')
  .description('the time from an ARP question to its answer')
  .option('--count <n>', 'how many', Number, 2000)
  .option('--interface <name>', 'where to ask', 'eth0')
  .action((address: string, options: { count: number; interface: string }) =>
    print(measureRoundTrips(options.interface, address, options.count)),
  )

program
  .command('first-answer')
  .description('for each address on standard input, the moment it first answers HTTP')
  .action(() => firstAnswers(print))

program
  .command('programmed <network>')
  .description('each moment at which an address of the network, written as 10.1.2, is in a new rule or route')
  .addOption(new Option('--in <what>', 'where to look').choices(['rules', 'routes']).default('rules'))
  .action(async (network: string, options: { in: Programming }) => {
    const prefix = network.split('.').map(Number)
    print({ watching: true })
    await watchProgramming({ what: options.in, prefix }, print, stop.signal)
  })

program
  .command('answers <address...>')
  .description('asks for all of them by ARP and UDP, and prints each change of who answers')
  .addOption(everyMs(100))
  .option('--port <n>', 'of an echo server behind each of them', Number, 7)
  .option('--interface <name>', 'where to ask', 'eth0')
  .action(async (addresses: string[], options: { everyMs: number; port: number; interface: string }) => {
    await watchAnswers({ addresses, ...options }, print, stop.signal)
  })

program
  .command('peers <count>')
  .description('plays so many speakers that announce nothing')
  .requiredOption('--key-file <file>', 'the key that the real speakers use')
  .option('--interface <name>', 'where to speak', 'eth0')
  .action(async (count: string, options: { keyFile: string; interface: string }) =>
    print(await playPeers({ count: Number(count), ...options }, stop.signal)),
  )

await program.parseAsync()
