import { Command, InvalidArgumentError } from 'commander'
import { historyOf } from './history.ts'
import type { History } from './history.ts'
import { play } from './play.ts'
import type { Failure } from './run-seeds.ts'
import { runSeeds } from './run-seeds.ts'
import { measureScale } from './scale.ts'
import { shrink } from './shrink.ts'
import { linesOf } from './tally.ts'
import { traceTo } from './trace.ts'

/*
 * npm run simulate -- --hours 1 --seed 1      plays histories for an hour
 * npm run simulate -- --seeds 5000            plays so many
 * npm run simulate -- --seed 7 --trace        plays one, and says what happens in it
 */

interface Options {
  readonly seed: number
  readonly seeds?: number
  readonly hours?: number
  readonly history?: string
  readonly trace?: boolean
  readonly all?: boolean
  readonly shrink: boolean
  readonly scale?: string
}

const program = new Command('simulate')
  .description('Plays random histories of a cluster, and looks whether the election keeps what it promises.')
  .option('--seed <number>', 'the first seed', numberOf, 1)
  .option('--seeds <number>', 'how many histories; 1,000 unless told otherwise', numberOf)
  .option('--hours <number>', 'go on for so long instead', numberOf)
  .option('--history <json>', 'play this one, as a failure prints it')
  .option('--all', 'do not stop at the first history that goes wrong: name them all')
  .option('--no-shrink', 'do not look for a smaller history that goes wrong, too')
  .option('--scale <nodes,addresses>', 'say what so many send instead: 100,5000')
  .option('--trace', 'say what happens in one history')
program.parse()
run(program.opts<Options>())

function run(options: Options): void {
  const { seed, history, scale } = options
  if (scale !== undefined) return measure(scale, seed)
  if (history !== undefined) return tell(JSON.parse(history) as History)
  if (options.trace) return tell(historyOf(seed))
  playMany(options)
}

function measure(scale: string, seed: number): void {
  const [nodes = 100, addresses = 5_000] = scale.split(',').map(Number)
  measureScale(nodes, addresses, seed)
}

function playMany(options: Options): void {
  const { seed, seeds = 1_000, hours } = options
  const start = performance.now()
  const until = start + (hours ?? 0) * 3_600_000
  const { tally, failures } = runSeeds(
    seed,
    (played) => {
      if (played > 0 && played % 1_000 === 0) process.stderr.write(`${played} histories\n`)
      return hours === undefined ? played < seeds : performance.now() < until
    },
    options.all ? Infinity : 1,
  )
  console.log(linesOf(tally).join('\n'))
  console.log(`\n${((performance.now() - start) / 1_000).toFixed(0)} s; violations: ${failures.length}`)
  for (const each of failures.slice(1)) console.log(`seed ${each.seed}: ${each.violations[0]}`)
  const [first] = failures
  if (first) report(first, options)
}

function report({ seed, history, violations }: Failure, options: Options): void {
  console.log(`\nseed ${seed}: ${violations[0]}`)
  process.exitCode = 1
  if (!options.shrink) return
  const smallest = shrink(history)
  console.log(`smallest history found that goes wrong:\n${JSON.stringify(smallest)}\n`)
  tell(smallest)
}

function tell(history: History): void {
  const { violations } = play(
    history,
    undefined,
    traceTo((line) => console.log(line)),
  )
  process.exitCode = violations.length > 0 ? 1 : 0
}

function numberOf(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('a number greater than zero')
  return value
}
