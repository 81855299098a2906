import { createSocket, type Socket } from 'node:dgram'
import { Api } from '../../../platform/kubernetes/api.ts'
import { loadConfig } from '../../../platform/kubernetes/config.ts'
import { Collection } from '../../cluster/collection.ts'
import type { EndpointSlice, Service } from '../../cluster/objects.ts'
import { readQuestion, typeOfFamily, writeAnswer, type Found, type Question } from './message.ts'
import { addressesOf, type Directory } from './service-names.ts'

export interface NamesOptions {
  readonly kubeconfig: string
  readonly host: string
  readonly port: number
}

export interface Names extends AsyncDisposable {
  /** The port in use, also when 0 was asked for. */
  readonly port: number
  close(): Promise<void>
}

/** A stand-in for the DNS server of a cluster: names of Services, over UDP. It starts without the API server, knowing none. */
export async function serveNames({ kubeconfig, host, port }: NamesOptions): Promise<Names> {
  const api = new Api(await loadConfig({ kubeconfig }))
  const services = new Collection<Service>(api, { groupVersion: '/api/v1', plural: 'services' })
  const slices = new Collection<EndpointSlice>(api, {
    groupVersion: '/apis/discovery.k8s.io/v1',
    plural: 'endpointslices',
  })
  const socket = await listen(host, port, directoryOf(services, slices))
  for (const collection of [services, slices]) collection.start()
  const close = async (): Promise<void> => {
    socket.close()
    await Promise.all([services.stop(), slices.stop()])
    await api.close()
  }
  return { port: socket.address().port, close, [Symbol.asyncDispose]: close }
}

function directoryOf(services: Collection<Service>, slices: Collection<EndpointSlice>): Directory {
  const ownerOf = ({ metadata: { namespace = '', labels } }: EndpointSlice): string =>
    `${namespace}/${labels?.['kubernetes.io/service-name']}`
  return {
    find: (key) => services.find(key),
    slicesOf: (key) => [...slices.values()].filter((slice) => ownerOf(slice) === key),
  }
}

async function listen(host: string, port: number, directory: Directory): Promise<Socket> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.on('message', (message, client) => {
    const question = readQuestion(message)
    if (!question) return
    const answer = writeAnswer(question, answerOf(question, directory))
    socket.send(answer, client.port, client.address, () => undefined)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).bind(port, host, resolve)
  })
  socket.on('error', () => undefined) // An ICMP error concerns one client.
  return socket
}

/** A name that exists has no records of other types. */
function answerOf({ name, type }: Question, directory: Directory): Found {
  if (type === typeOfFamily.IPv6) return addressesOf(name, 'IPv6', directory)
  const addresses = addressesOf(name, 'IPv4', directory)
  return type === typeOfFamily.IPv4 ? addresses : addresses && []
}
