import { parseArgs } from 'node:util'
import { createLog } from '../../platform/telemetry/log.ts'
import { startAgent, type AgentOptions } from './agent.ts'

function readFlags(): AgentOptions {
  const { values } = parseArgs({
    options: {
      node: { type: 'string' },
      kubeconfig: { type: 'string' },
      'api-socket': { type: 'string' },
      'api-port': { type: 'string' },
      'pod-cidr': { type: 'string' },
      interface: { type: 'string', default: 'eth0' },
    },
  })
  const required = (name: 'node' | 'kubeconfig' | 'api-socket' | 'api-port' | 'pod-cidr'): string => {
    const value = values[name]
    if (value === undefined || value === '') throw new Error(`--${name} is missing`)
    return value
  }
  return {
    node: required('node'),
    kubeconfig: required('kubeconfig'),
    apiSocket: required('api-socket'),
    apiPort: Number(required('api-port')),
    podCidr: required('pod-cidr'),
    interface: values.interface,
    log: createLog({ name: 'node-agent' }),
  }
}

const options = readFlags()
const agent = await startAgent(options)
options.log.info({ node: options.node }, 'node is up')

const end = (): void => {
  agent.close().then(
    () => process.exit(0),
    (err: unknown) => {
      options.log.error({ err }, 'not a clean end')
      process.exit(1)
    },
  )
}
process.once('SIGTERM', end)
process.once('SIGINT', end)
