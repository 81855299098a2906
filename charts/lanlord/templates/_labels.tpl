{{- /* The labels of a component's pods. No version is among them: another chart with the same pods restarts nothing. */}}
{{- define "lanlord.podLabels" -}}
{{- $selector := fromYaml (include "lanlord.selector" .) -}}
{{- $own := merge $selector (dict "app.kubernetes.io/instance" .root.Release.Name) -}}
{{- toYaml (merge $own (index .root.Values .component).podLabels .root.Values.labels) }}
{{- end }}

{{- define "lanlord.labels" -}}
{{- $own := dict
  "helm.sh/chart" (printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_"))
  "app.kubernetes.io/name" "lanlord"
  "app.kubernetes.io/instance" .Release.Name
  "app.kubernetes.io/version" .Chart.AppVersion
  "app.kubernetes.io/managed-by" .Release.Service
-}}
{{- toYaml (merge $own .Values.labels) }}
{{- end }}

{{- define "lanlord.componentLabels" -}}
{{- toYaml (merge (fromYaml (include "lanlord.selector" .)) (fromYaml (include "lanlord.labels" .root))) }}
{{- end }}

{{- /* What never changes of a component's pods. There is one Lanlord in a cluster, so the release has no part in it. */}}
{{- define "lanlord.selector" -}}
app.kubernetes.io/name: lanlord
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- /* A whole block `annotations: …`, or nothing. */}}
{{- define "lanlord.annotations" -}}
{{- with merge (dict) (.more | default dict) .root.Values.annotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "lanlord.metadata" -}}
name: lanlord-{{ .component }}
labels:
  {{- include "lanlord.componentLabels" . | nindent 2 }}
{{- with include "lanlord.annotations" . }}
{{ . }}
{{- end }}
{{- end }}

{{- define "lanlord.namespacedMetadata" -}}
{{ include "lanlord.metadata" . }}
namespace: {{ .root.Release.Namespace }}
{{- end }}
