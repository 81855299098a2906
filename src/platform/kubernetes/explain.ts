import { ApiError } from './api-error.ts'

/**
 * What kind of trouble with the API server it is: nobody answers there, the answer is not to be trusted, it does not
 * know us, does not let us, does not have what we ask for, or something else is wrong.
 */
export type TroubleKind = 'away' | 'untrusted' | 'unknown' | 'forbidden' | 'absent' | 'other'

/** A trouble, and in one line of words what is wrong and what would mend it. */
export interface Explanation {
  readonly kind: TroubleKind
  readonly words: string
}

/** Says of anything that a request or a watch failed with what would mend it, where that is known. */
export function explain(error: Error): Explanation {
  const { kind, mend } = error instanceof ApiError ? diagnose(error) : other
  const words = error.message.replaceAll(/\s*\n\s*/g, ' ')
  return { kind, words: mend === '' ? words : `${words}; ${mend}` }
}

/** Whether the server answered, and the answer is no until somebody grants or installs something. */
export function isRefusal(kind: TroubleKind): boolean {
  return kind === 'unknown' || kind === 'forbidden' || kind === 'absent'
}

interface Diagnosis {
  readonly kind: TroubleKind
  readonly mend: string
}

const other: Diagnosis = { kind: 'other', mend: '' }

const byStatus: Readonly<Record<number, Diagnosis>> = {
  401: {
    kind: 'unknown',
    mend: 'the token has expired, or its ServiceAccount or Pod is gone; one that is put in its place is read by itself',
  },
  403: { kind: 'forbidden', mend: '' },
}

/** A role is what is missing; a policy that refuses says in its own words what it wants. */
const noRole: Diagnosis = {
  kind: 'forbidden',
  mend: 'bind the role to it that the chart and deploy/ have for it',
}

/** Of our own kinds only: that anything else is not there is for whoever asked to say. */
const noDefinitions: Diagnosis = {
  kind: 'absent',
  mend: "install Lanlord's CustomResourceDefinitions: kubectl apply -f crds/, or crds.enabled in the chart",
}

function diagnose(error: ApiError): Diagnosis {
  const { status, message } = error
  if (status === 404 && message.includes('/apis/lanlord.dev/')) return noDefinitions
  if (status === 403 && / cannot /.test(message)) return noRole
  return status === 0 ? unanswered(error) : (byStatus[status] ?? other)
}

const byCode: readonly (readonly [codes: RegExp, kind: TroubleKind, mend: string])[] = [
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'untrusted',
    'use a name or address of the API server that its certificate has',
  ],
  [
    /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    'untrusted',
    "renew the API server's certificate, or set the clock of this node",
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/,
    'untrusted',
    'is that the API server of this cluster, and the CA of the kubeconfig or of the Pod (kube-root-ca.crt) its CA?',
  ],
  [/^(EPROTO|ERR_SSL)/, 'untrusted', 'does the API server speak HTTPS at this address?'],
  [
    /^(ENOTFOUND|EAI_)/,
    'away',
    'correct the name of the API server in the kubeconfig or in KUBERNETES_SERVICE_HOST, or DNS',
  ],
  [/^ECONNREFUSED$/, 'away', 'is the API server up, and is that its address?'],
  [
    /^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    'away',
    'is that its address, and the way to it open? On a node that boots, kube-proxy opens it',
  ],
]

function unanswered({ cause }: ApiError): Diagnosis {
  const code = codeOf(cause)
  const known = byCode.find(([codes]) => codes.test(code))
  return known ? { kind: known[1], mend: known[2] } : { kind: 'away', mend: '' }
}

/** The first code on the way down to what a failed request was caused by. */
function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return ''
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  const inner: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause
  return codeOf(inner)
}
