import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js'
import { asError } from './api-error.ts'
import type { ApiConfig, TlsMaterial } from './config.ts'
import { execCredentials } from './exec-credentials.ts'
import type { Entry, KubeconfigUser } from './kubeconfig.ts'
import { remembered } from './remembered.ts'

type Identity = Pick<ApiConfig, 'tls' | 'credentials'>

/** What exec plugins, files and inline data say about who we are and whom to trust, read once to be sure. */
export async function identityOf(
  cluster: Entry<Cluster>,
  user: Entry<KubeconfigUser> | undefined,
  source: string,
): Promise<Identity> {
  refuseUnsupported(user?.value, source)
  const plugin = user?.value.exec ? execCredentials(user, cluster.value, source) : undefined
  const files = remembered(() => fileMaterial(cluster, user, source))
  const tls = async (renew?: boolean) => ({ ...(await files(renew)), ...(await plugin?.())?.tls })
  const headers = remembered(() => headersOf(user, source))
  const credentials = async (renew?: boolean) => ({
    ...(await headers(renew)),
    ...(await plugin?.(renew))?.headers,
  })
  await Promise.all([tls(), credentials()])
  return { tls, credentials }
}

function refuseUnsupported(user: KubeconfigUser | undefined, source: string): void {
  const provider = (user?.authProvider as { readonly name?: string } | null | undefined)?.name
  if (provider === undefined) return
  throw new Error(
    `${source}: the auth-provider ${provider} is not supported; kubectl replaced them by exec plugins, use one`,
  )
}

async function fileMaterial(
  cluster: Entry<Cluster>,
  user: Entry<KubeconfigUser> | undefined,
  source: string,
): Promise<TlsMaterial> {
  const { caFile, caData, tlsServerName, skipTLSVerify } = cluster.value
  const { certFile, certData, keyFile, keyData } = user?.value ?? {}
  const [ca, cert, key] = await Promise.all([
    material(cluster.file, caFile, caData, `${source}: certificate-authority`),
    material(user?.file, certFile, certData, `${source}: client-certificate`),
    material(user?.file, keyFile, keyData, `${source}: client-key`),
  ])
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(tlsServerName && { servername: tlsServerName }),
    ...(skipTLSVerify && { rejectUnauthorized: false }),
  }
}

/** Inline data wins over a file, as in kubectl. */
async function material(
  origin: string | undefined,
  file: string | undefined | null,
  data: string | undefined | null,
  what: string,
): Promise<Buffer | undefined> {
  if (data) return Buffer.from(data, 'base64')
  return file && origin ? readBeside(origin, file, what) : undefined
}

function readBeside(origin: string, file: string, what: string): Promise<Buffer> {
  const path = resolve(dirname(origin), file)
  return readFile(path).catch((cause: unknown) => {
    throw new Error(`${what} ${path} cannot be read: ${asError(cause).message}`, { cause })
  })
}

async function headersOf(
  user: Entry<KubeconfigUser> | undefined,
  source: string,
): Promise<Readonly<Record<string, string>>> {
  if (!user) return {}
  const { username, password, impersonateUser } = user.value
  const token = await tokenOf(user, source)
  return {
    ...(username && {
      authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`,
    }),
    ...(token && { authorization: `Bearer ${token}` }),
    ...(impersonateUser && { 'impersonate-user': impersonateUser }),
  }
}

/** A token file wins over a token, as in kubectl, and is read again every minute. */
async function tokenOf(user: Entry<KubeconfigUser>, source: string): Promise<string | undefined> {
  const { tokenFile, token } = user.value
  if (!tokenFile) return token?.trim()
  return (await readBeside(user.file, tokenFile, `${source}: tokenFile`)).toString('utf8').trim()
}
