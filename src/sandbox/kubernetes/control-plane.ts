import { join } from 'node:path'
import type { Bearer, Certificates } from './certificates.ts'
import { apiPort, apiServiceAddress, serviceRanges } from './networks.ts'
import type { ClusterNetwork } from './networks.ts'

export type ControlProgram = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler'

export interface ControlSetting {
  readonly network: ClusterNetwork
  readonly certificates: Certificates
  /** Holds kubeconfigs and etcd's data. */
  readonly directory: string
}

/** Everyone in the cluster who needs a certificate. */
export function bearersOf(network: ClusterNetwork): readonly Bearer[] {
  const addresses = [network.controlAddress, '127.0.0.1', apiServiceAddress]
  const names = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost']
  const serves = [...addresses.map((address) => `IP:${address}`), ...names.map((name) => `DNS:${name}`)]
  return [
    { name: 'kube-apiserver', subject: '/CN=kube-apiserver', serves },
    { name: 'admin', subject: '/O=system:masters/CN=admin' },
    ...['kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map((name) => {
      return { name, subject: `/CN=system:${name}` }
    }),
    ...network.nodes.map(({ name }) => ({ name, subject: `/O=system:nodes/CN=system:node:${name}` })),
  ]
}

/** The command line of each program, without the program. */
export function controlFlags(setting: ControlSetting): Readonly<Record<ControlProgram, readonly string[]>> {
  return {
    etcd: etcdFlags(setting),
    'kube-apiserver': apiServerFlags(setting),
    'kube-controller-manager': controllerManagerFlags(setting),
    'kube-scheduler': [...clientFlags(setting, 'kube-scheduler')],
  }
}

const etcdUrl = 'http://127.0.0.1:2379'
const etcdPeerUrl = 'http://127.0.0.1:2380'

/** Nobody needs its data after a power cut of this machine. */
function etcdFlags({ directory }: ControlSetting): readonly string[] {
  return [
    `--data-dir=${join(directory, 'etcd')}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${etcdPeerUrl}`,
    `--initial-advertise-peer-urls=${etcdPeerUrl}`,
    `--initial-cluster=default=${etcdPeerUrl}`,
    '--log-level=warn',
  ]
}

function apiServerFlags({ network, certificates }: ControlSetting): readonly string[] {
  const own = certificates.pairOf('kube-apiserver')
  const admin = certificates.pairOf('admin')
  return [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=0.0.0.0',
    `--secure-port=${apiPort}`,
    `--advertise-address=${network.controlAddress}`,
    `--service-cluster-ip-range=${serviceRanges(network.dualStack).join(',')}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged',
    `--client-ca-file=${certificates.authority}`,
    `--tls-cert-file=${own.certificate}`,
    `--tls-private-key-file=${own.key}`,
    `--kubelet-client-certificate=${admin.certificate}`,
    `--kubelet-client-key=${admin.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${certificates.tokenPublicKey}`,
    `--service-account-signing-key-file=${certificates.tokenKey}`,
  ]
}

/** A node that says nothing for ten seconds is NotReady; by default that takes fifty. */
function controllerManagerFlags(setting: ControlSetting): readonly string[] {
  const { certificates } = setting
  return [
    ...clientFlags(setting, 'kube-controller-manager'),
    `--service-account-private-key-file=${certificates.tokenKey}`,
    `--root-ca-file=${certificates.authority}`,
    '--use-service-account-credentials',
    '--node-monitor-period=1s',
    '--node-monitor-grace-period=10s',
  ]
}

function clientFlags({ directory }: ControlSetting, name: ControlProgram): readonly string[] {
  const kubeconfig = join(directory, `${name}.kubeconfig`)
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
  ]
}
