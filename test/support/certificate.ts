import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const openssl = 'openssl'

/** Whether certificates can be made here. */
export const hasOpenssl = (() => {
  try {
    execFileSync(openssl, ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** A key and a certificate that is its own CA. */
export interface Certificate {
  readonly key: Buffer
  readonly cert: Buffer
}

/** A new one, for 127.0.0.1 unless told otherwise. */
export function selfSigned(name: string, alternatives = 'IP:127.0.0.1,DNS:localhost'): Certificate {
  const directory = mkdtempSync(join(tmpdir(), 'lanlord-certificate-'))
  const [key, cert] = [join(directory, 'key'), join(directory, 'cert')]
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key]
  const what = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${alternatives}`, '-days', '2']
  try {
    execFileSync(openssl, ['req', '-x509', ...ec, ...what, '-out', cert], { stdio: 'ignore' })
    return { key: readFileSync(key), cert: readFileSync(cert) }
  } finally {
    rmSync(directory, { recursive: true })
  }
}
