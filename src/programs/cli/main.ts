#!/usr/bin/env node
// First of all, so that a signal is heard from the first moment by those that run as number 1 of a container.
import './heed-signals-early.ts'
import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { version } from '../../platform/process/version.ts'

/** Each program is a bundle of its own beside this one, so that starting one does not load the others. */
const programs = {
  controller: 'lease addresses from AddressPools to Services of type LoadBalancer',
  speaker: 'answer ARP and NDP for the addresses that this node is elected to announce',
  plan: 'say what the controller would do with the objects of files, and why, without a cluster',
  sandbox: 'a LAN of network namespaces with a cluster on it, for trying things out',
  demo: 'tell the whole story on such a LAN, in under a minute',
}

const cli = new Command('lanlord')
  .description('LoadBalancer for Kubernetes clusters without a cloud')
  .version(version)
  .showHelpAfterError('(lanlord --help shows the commands)')

for (const [name, description] of Object.entries(programs)) {
  cli
    .command(name)
    .description(description)
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => run(name))
}

cli
  .command('version')
  .description('say which version this is, and of Node')
  .action(() => void process.stdout.write(`lanlord ${version}, Node ${process.version.slice(1)}\n`))

/** Hands the rest of the command line to the program, which parses it as if it had been started by itself. */
async function run(name: string): Promise<void> {
  const bundle = new URL(`./${name}.js`, import.meta.url)
  if (!existsSync(bundle)) {
    cli.error(`lanlord ${name} is not part of this image; run it from a clone of the repository, with npm ci`)
  }
  process.argv.splice(1, 2, bundle.pathname)
  await import(bundle.href)
}

await cli.parseAsync()
