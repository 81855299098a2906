const ownLabels = '  labels:\n    app.kubernetes.io/name: lanlord\n'

const chartMetadata = `  annotations:
    helm.sh/resource-policy: keep
    {{- with .Values.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  labels:
    {{- include "lanlord.labels" . | nindent 4 }}
`

/**
 * The manifest of a CustomResourceDefinition as a template of the chart: only where it is asked for, with the labels of
 * the release, and kept when the release goes, for all objects of the kind would go with it.
 */
export function chartTemplateOf(manifest: string): string {
  const asChart = manifest.replace(ownLabels, chartMetadata)
  if (asChart === manifest || manifest.includes('{{'))
    throw new Error('the manifest cannot become a template')
  return `{{- if .Values.crds.enabled }}\n${asChart}{{- end }}\n`
}
