import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { asError } from './api-error.ts'
import type { ApiConfig } from './config.ts'
import { remembered } from './remembered.ts'

/** Where Kubernetes mounts a pod's token, CA and namespace. */
export const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The configuration of a pod. The token and the CA are read again every minute, as the kubelet rotates them. */
export async function clusterConfig(
  env: Readonly<Record<string, string | undefined>>,
  directory: string,
): Promise<ApiConfig> {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? ''
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443'
  const read = async (file: string) => (await readFile(join(directory, file), 'utf8')).trim()
  const token = remembered(() => read('token'))
  const ca = remembered(() => read('ca.crt'))
  await Promise.all([token(), ca()]).catch((thrown: unknown) => {
    const { message } = asError(thrown)
    throw new Error(`the pod's service account cannot be read: ${message}; does the pod mount its token?`, {
      cause: thrown,
    })
  })
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    namespace: await read('namespace').catch(() => undefined),
    source: `the service account in ${directory}`,
    tls: async (renew) => ({ ca: await ca(renew) }),
    credentials: async (renew) => ({ authorization: `Bearer ${await token(renew)}` }),
  }
}
