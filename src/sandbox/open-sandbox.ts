import { createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Api } from '../platform/kubernetes/api.ts'
import { plainConfig } from '../platform/kubernetes/config.ts'
import { createLog } from '../platform/telemetry/log.ts'
import { runClusterControllers } from './cluster/controllers.ts'
import { freePort } from './free-port.ts'
import { Lan } from './lan/lan.ts'
import { ownedNamePrefix } from './lan/owner.ts'
import { claimSlot } from './lan/slot.ts'
import { mostNodes } from './options.ts'
import type { SandboxOptions } from './options.ts'
import { packageRoot } from './package-root.ts'
import { Processes } from './processes.ts'
import { apiServerProgram, controllerProgram, nodeAgentPrograms, speakerPrograms } from './programs.ts'
import { untilAllReady, untilApiAnswers } from './readiness.ts'
import { Sandbox } from './sandbox.ts'
import type { SandboxParts } from './sandbox.ts'
import { makeScratch, removeScratch, writeKubeconfig } from './scratch.ts'
import { seed } from './seed.ts'
import { Undo } from './undo.ts'

/** Makes a LAN, starts a cluster on it and waits until all of it is ready; leaves nothing behind when that fails. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  if (!Number.isInteger(options.nodes) || options.nodes < 1 || options.nodes > mostNodes) {
    throw new RangeError(`a sandbox of ${options.nodes} nodes is not possible; ask for 1 to ${mostNodes}`)
  }
  const undo = new Undo()
  try {
    const parts = await prepare(options, undo)
    const sandbox = new Sandbox(parts)
    await bringUp(options, parts, sandbox)
    return sandbox
  } catch (error) {
    await undo.run().catch((trouble: Error) => options.onWords?.(trouble.message))
    throw error
  }
}

/** Names, files, ports and the LAN; the API server starts while the LAN is being made. */
async function prepare(options: SandboxOptions, undo: Undo): Promise<SandboxParts> {
  const slot = await claimSlot()
  undo.defer(() => slot.release())
  const namePrefix = ownedNamePrefix(slot.number)
  const scratch = await makeScratch(namePrefix, options.parentDirectory)
  undo.defer(() => removeScratch(scratch))
  const places = {
    scratch,
    apiPort: await freePort(slot.number, 0),
    controllerPort: await freePort(slot.number, 1),
  }
  await writeKubeconfig(scratch.kubeconfig, `http://127.0.0.1:${places.apiPort}`)
  const opening = Lan.open({
    slot: slot.number,
    nodes: options.nodes,
    namePrefix,
    dualStack: options.dualStack ?? false,
  })
  opening.catch(() => undefined) // It is awaited below; until then its failure is nobody's surprise.
  undo.defer(
    async () => (await Promise.allSettled([opening]))[0].status === 'fulfilled' && (await opening).close(),
  )
  const processes = new Processes({
    scratch,
    programs: options.programs ?? join(packageRoot(), 'dist'),
    logLevel: options.logLevel,
    onWords: options.onWords ?? (() => undefined),
  })
  undo.defer(() => processes.stop())
  processes.start(apiServerProgram(places))
  return { ...places, lan: await opening, processes, undo }
}

async function bringUp(options: SandboxOptions, parts: SandboxParts, sandbox: Sandbox): Promise<void> {
  const { processes, lan, undo, scratch } = parts
  undo.defer(leaveNothingAtExit(parts))
  const api = new Api(plainConfig(sandbox.server))
  undo.defer(() => api.close())
  const nodes = sandbox.nodes.map((node) => node.name)
  const expected = { options, nodes, processes, api, controllerUrl: sandbox.controllerUrl }
  await untilApiAnswers(expected)
  for (const program of nodeAgentPrograms(parts, lan)) processes.start(program)
  await seed(api, scratch.heartbeatKey)
  if (options.controller !== false) processes.start(controllerProgram(parts))
  if (options.speakers !== false)
    for (const program of speakerPrograms(parts, lan, options.heartbeat)) processes.start(program)
  const destination = createWriteStream(join(scratch.logs, 'cluster.log'))
  undo.defer(() => void destination.end())
  const log = createLog({ name: 'cluster', level: options.logLevel, destination })
  const controllers = runClusterControllers(api, log)
  undo.defer(() => controllers.stop())
  await untilAllReady(expected)
}

/** For a process that ends without having closed its sandbox; the returned function takes that back. */
function leaveNothingAtExit({ processes, lan, scratch }: SandboxParts): () => void {
  const atExit = (): void => {
    processes.killNow()
    lan.closeNow()
    rmSync(scratch.directory, { recursive: true, force: true })
  }
  process.once('exit', atExit)
  return () => process.off('exit', atExit)
}
