import { Command, Option } from 'commander'
import { parseCompatibility } from '../../core/allocation/compatibility.ts'
import { endByUsage } from '../../platform/process/ends.ts'
import { version } from '../../platform/process/version.ts'
import { forecast } from './forecast.ts'
import type { ForecastOptions } from './forecast.ts'
import { readInputs } from './inputs.ts'
import { objectsOf } from './objects.ts'
import { BadInput } from './problem.ts'
import { forms, render } from './render.ts'
import type { Form } from './render.ts'
import { wordsOn } from './words.ts'

interface Flags {
  readonly filename: readonly string[]
  readonly recursive: boolean
  readonly output: Form
  readonly classLessServices: 'true' | 'false'
  readonly compatibility: string
}

const command = new Command('lanlord plan')
  .description(
    'Says what the controller would do for each Service, and why, from files alone: without a cluster, and without changing anything. ' +
      'A later file may replace objects of earlier ones; then it shows what that changes.',
  )
  .version(version)
  .requiredOption(
    '-f, --filename <file>',
    'a file with AddressPools, Services and what else there is (kubectl get -o yaml writes such), a directory of them, or - for stdin; may be given again',
    (name, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), name],
  )
  .option('-R, --recursive', 'look in the directories in a directory, too', false)
  .addOption(new Option('-o, --output <form>', 'how to show it').choices(forms).default('table'))
  .addOption(
    new Option('--class-less-services <yes>', 'whether Services without a loadBalancerClass are ours')
      .choices(['true', 'false'])
      .default('true'),
  )
  .option(
    '--compatibility <list>',
    'whose annotations on Services are read beside our own: metallb, kube-vip, or both with a comma between',
    '',
  )
  .addHelpText(
    'after',
    '\nIt ends with 0 when every Service that wants an address has one, with 1 when one is refused,\nand with 2 when it cannot read what it was given.',
  )
  .exitOverride(endByUsage)
  .parse()

// Whoever reads only the beginning, as head does, has what it wants.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

try {
  process.exitCode = await run(command.opts<Flags>())
} catch (error) {
  if (!(error instanceof BadInput)) throw error
  say(error.message)
  process.exitCode = 2
}

/** Gathers, computes and renders; answers with how the process is to end. */
async function run({
  filename,
  recursive,
  output,
  classLessServices,
  compatibility: list,
}: Flags): Promise<number> {
  const compatibility = parseCompatibility(list)
  if ('problem' in compatibility) return command.error(`error: --compatibility: ${compatibility.problem}`)
  const contents = (await readInputs(filename, recursive)).map(objectsOf)
  const options: ForecastOptions = { compatibility, classLess: classLessServices === 'true', now: Date.now() }
  const files = contents.map(({ objects }) => objects)
  const result = forecast(files, options)
  process.stdout.write(render(result, output))
  const passedOver = contents.flatMap((each) => each.passedOver)
  for (const words of wordsOn(result, passedOver)) say(words)
  return result.services.some(({ decision }) => decision === 'refuse') ? 1 : 0
}

function say(words: string): void {
  process.stderr.write(`${words}\n`)
}
