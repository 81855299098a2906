import { podBridge } from './container-runtime.ts'
import type { NodeSetting } from './node-setting.ts'

/** kube-proxy's configuration. */
export function kubeProxyConfig({ directory, place, proxyMode }: NodeSetting): string {
  return JSON.stringify({
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    hostnameOverride: place.name,
    mode: proxyMode,
    clientConnection: { kubeconfig: `${directory}/kube-proxy.kubeconfig` },
    detectLocalMode: 'BridgeInterface',
    detectLocal: { bridgeInterface: podBridge },
    // These sysctls belong to the machine; outside its first network namespace kube-proxy would fail to set them, and end.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    oomScoreAdj: 0,
    bindAddress: '0.0.0.0',
    healthzBindAddress: '0.0.0.0:10256',
    metricsBindAddress: '127.0.0.1:10249',
  })
}

export function kubeProxyCommand({ directory }: NodeSetting): readonly string[] {
  return ['kube-proxy', `--config=${directory}/kube-proxy.json`, '--v=1']
}
