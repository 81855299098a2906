import { dirname, resolve } from 'node:path'
import type { RequestOptions } from 'node:https'
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js'
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js'
import { asError } from './api-error.ts'
import type { TlsMaterial } from './config.ts'
import type { Entry } from './kubeconfig.ts'
import { remembered } from './remembered.ts'

export interface PluginCredentials {
  readonly headers: Readonly<Record<string, string>>
  readonly tls: TlsMaterial
}

interface ExecSection {
  readonly apiVersion?: string
  readonly command?: string
  readonly args?: readonly string[] | null
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null
  readonly provideClusterInfo?: boolean
  readonly installHint?: string
}

/**
 * Credentials of an exec plugin (kubelogin, gke-gcloud-auth-plugin, aws, ...). The plugin runs again when what it
 * gave expires, when the server refuses it, and at the latest a minute after it gave something without an expiry.
 */
export function execCredentials(
  user: Entry<User>,
  cluster: Cluster,
  source: string,
): (renew?: boolean) => Promise<PluginCredentials> {
  const section = user.value.exec as ExecSection
  const prepared = { ...user.value, exec: prepare(section, user.file, cluster) }
  let plugin = new ExecAuth()
  const run = remembered(() => runPlugin(plugin, prepared, section, source))
  return (renew) => {
    // client-node's ExecAuth remembers by expiry alone; a refused credential has to be forgotten.
    if (renew) plugin = new ExecAuth()
    return run(renew)
  }
}

async function runPlugin(
  plugin: ExecAuth,
  user: User,
  section: ExecSection,
  source: string,
): Promise<PluginCredentials> {
  const options: RequestOptions = {}
  try {
    await plugin.applyAuthentication(user, options)
  } catch (cause) {
    const hint = section.installHint ? ` ${section.installHint.trim()}` : ''
    const why = asError(cause).message.trim() || 'it failed without a word'
    throw new Error(`${source}: the exec plugin ${section.command ?? '(no command)'}: ${why}.${hint}`, {
      cause,
    })
  }
  const { cert, key, headers } = options as { cert?: string; key?: string; headers?: Record<string, string> }
  const authorization = headers?.['Authorization']
  return {
    headers: authorization ? { authorization } : {},
    tls: { ...(cert && { cert }), ...(key && { key }) },
  }
}

/** A command with a slash starts where the kubeconfig is, and v1 plugins want KUBERNETES_EXEC_INFO. */
function prepare(section: ExecSection, file: string, cluster: Cluster): ExecSection {
  const { command = '' } = section
  const info = {
    kind: 'ExecCredential',
    apiVersion: section.apiVersion ?? 'client.authentication.k8s.io/v1',
    spec: { interactive: false, ...(section.provideClusterInfo && { cluster: clusterInfo(cluster) }) },
  }
  return {
    ...section,
    command: command.includes('/') ? resolve(dirname(file), command) : command,
    args: section.args ?? [],
    env: [...(section.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }],
  }
}

function clusterInfo(cluster: Cluster): object {
  return {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipTLSVerify,
    'certificate-authority-data': cluster.caData,
  }
}
