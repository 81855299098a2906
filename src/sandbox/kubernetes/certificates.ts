import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../lan/command.ts'

/** The certificates and keys of one cluster, as files in one directory. */
export interface Certificates {
  readonly directory: string
  readonly authority: string
  /** Signs and checks the tokens of ServiceAccounts. */
  readonly tokenKey: string
  readonly tokenPublicKey: string
  pairOf(name: string): KeyPair
}

export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

/** Who a certificate is for; Kubernetes reads the user's name from CN, the groups from O. */
export interface Bearer {
  readonly name: string
  readonly subject: string
  /** The names and addresses that it serves under. */
  readonly serves?: readonly string[]
}

export async function makeCertificates(directory: string, bearers: readonly Bearer[]): Promise<Certificates> {
  const pairOf = (name: string): KeyPair => ({
    certificate: join(directory, `${name}.crt`),
    key: join(directory, `${name}.key`),
  })
  const authority = pairOf('authority')
  const tokens = { key: join(directory, 'tokens.key'), publicKey: join(directory, 'tokens.pub') }
  await Promise.all([
    openssl('req', ...selfMade, '-subj', '/CN=lanlord-sandbox', ...filesOf(authority)),
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', tokens.key),
  ])
  await Promise.all([
    openssl('ec', '-in', tokens.key, '-pubout', '-out', tokens.publicKey),
    ...bearers.map((bearer) => sign(bearer, authority, pairOf(bearer.name))),
  ])
  return {
    directory,
    authority: authority.certificate,
    tokenKey: tokens.key,
    tokenPublicKey: tokens.publicKey,
    pairOf,
  }
}

const selfMade = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30']

async function sign({ subject, serves = [] }: Bearer, authority: KeyPair, pair: KeyPair): Promise<void> {
  const by = ['-CA', authority.certificate, '-CAkey', authority.key]
  const uses = ['keyUsage=digitalSignature', 'extendedKeyUsage=serverAuth,clientAuth']
  const names = serves.length > 0 ? [`subjectAltName=${serves.join(',')}`] : []
  const extensions = ['basicConstraints=CA:FALSE', ...uses, ...names].flatMap((text) => ['-addext', text])
  await openssl('req', ...selfMade, ...by, '-subj', subject, ...extensions, ...filesOf(pair))
}

function filesOf({ certificate, key }: KeyPair): readonly string[] {
  return ['-keyout', key, '-out', certificate]
}

async function openssl(...args: readonly string[]): Promise<void> {
  await run(['openssl', ...args])
}

/** A kubeconfig with everything in it: whoever has the file needs no other. */
export async function kubeconfigOf(
  certificates: Certificates,
  name: string,
  server: string,
): Promise<string> {
  const { certificate, key } = certificates.pairOf(name)
  const data = async (path: string): Promise<string> => (await readFile(path)).toString('base64')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'sandbox',
        cluster: { server, 'certificate-authority-data': await data(certificates.authority) },
      },
    ],
    users: [
      {
        name: 'sandbox',
        user: { 'client-certificate-data': await data(certificate), 'client-key-data': await data(key) },
      },
    ],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox' } }],
    'current-context': 'sandbox',
  }
  return `${JSON.stringify(config, null, 2)}\n`
}
